/**
 * One file format and one runner: manifests, load, steps, expectations.
 *
 * <p>{@link heddle.scenario.ScenarioReader} reads a {@link heddle.scenario.Scenario} from its file;
 * a {@link heddle.scenario.ScenarioRunner} runs its {@link heddle.scenario.Step}s as a user would,
 * in a {@link heddle.scenario.Shell}, and gives an {@link heddle.scenario.Outcome}, which {@link
 * heddle.scenario.OutcomeTable} prints while it grows. {@code cli}'s demo and test verbs call it.
 */
@NullMarked
package heddle.scenario;

import org.jspecify.annotations.NullMarked;
