/**
 * {@code bench/run control}: how long a change of a large mesh takes to reach the data planes that
 * need it, and what the control plane costs meanwhile.
 *
 * <p>In reading order: {@link heddle.bench.control.ControlBench} (the command), {@code Town} (the
 * mesh), {@code EmbeddedApi} (a Kubernetes API that holds it), {@code Serving} (the control plane,
 * in a process of its own), {@code Fleet} and {@code Subscriber} (the data planes), {@code Changes}
 * (what is changed and measured), {@code Parts} (the same work piece by piece), {@code Report}.
 */
@NullMarked
package heddle.bench.control;

import org.jspecify.annotations.NullMarked;
