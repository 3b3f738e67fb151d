/**
 * {@code bench/run proxy}: Heddle's proxy, Envoy, nginx and HAProxy with the same job, in one run.
 *
 * <p>In reading order: {@link heddle.bench.proxy.ProxyBench} (the command), {@code Contestant} (who
 * is compared, and how each is configured), {@code Shape} (what is asked for), {@code Origin} (who
 * answers), {@code Capacity} (closed loop: requests per CPU-second), {@code Latency} (open loop:
 * percentiles at a fixed rate), {@code Results}, {@code ReportText}, {@code ReportJson}, {@code
 * Picture}.
 */
@NullMarked
package heddle.bench.proxy;

import org.jspecify.annotations.NullMarked;
