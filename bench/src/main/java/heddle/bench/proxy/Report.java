package heddle.bench.proxy;

import heddle.bench.machine.Cpus;
import heddle.bench.machine.Machine;
import java.util.List;

/** All that is told of a run. */
record Report(
    Machine machine, Cpus cpus, List<String> versions, String settings, Results results) {}
