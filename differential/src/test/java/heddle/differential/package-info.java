/**
 * The differential suite: each scenario of {@code spec/traffic} runs on the embedded proxy and on a
 * real Envoy at once, both fed by Heddle's own ADS server; what is seen must be what the scenario
 * expects, and the same on both.
 *
 * <p>{@link heddle.differential.ScenarioReader} reads a {@link heddle.differential.Scenario}; a
 * {@link heddle.differential.Leg} plays it on one {@link heddle.differential.DataPlane} and yields
 * an {@link heddle.differential.Observation}; {@link heddle.differential.Comparison} judges.
 */
@NullMarked
package heddle.differential;

import org.jspecify.annotations.NullMarked;
