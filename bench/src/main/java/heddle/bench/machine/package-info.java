/**
 * The machine that is measured on and the processes that are measured: starts, pins and reads them.
 *
 * <p>Used by every benchmark. Public types: {@link heddle.bench.machine.Machine}, {@link
 * heddle.bench.machine.Cpus}, {@link heddle.bench.machine.Child}, {@link
 * heddle.bench.machine.JavaChild}, {@link heddle.bench.machine.Ports}.
 */
@NullMarked
package heddle.bench.machine;

import org.jspecify.annotations.NullMarked;
