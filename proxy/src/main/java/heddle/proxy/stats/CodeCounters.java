package heddle.proxy.stats;

import org.jspecify.annotations.Nullable;

/** Counters per status code and class: {@code PREFIX200}, {@code PREFIX2xx}. */
public final class CodeCounters {
  private final Stats stats;
  private final String prefix;
  private final boolean codes;
  private boolean retired;
  private final @Nullable Counter[] byCode = new Counter[600];
  private final @Nullable Counter[] byClass = new Counter[6];

  /**
   * @param prefix e.g. {@code cluster.c.upstream_rq_}
   * @param codes whether single codes are counted beside their class
   */
  public CodeCounters(Stats stats, String prefix, boolean codes) {
    this.stats = stats;
    this.prefix = prefix;
    this.codes = codes;
  }

  /** Counts on in silence: what it belongs to is gone, and its statistics are forgotten. */
  public void retire() {
    retired = true;
  }

  private Counter counter(String name) {
    return retired ? new Counter() : stats.counter(prefix + name);
  }

  /** Counts one response. */
  public void inc(int code) {
    if (code < 100 || code > 599) {
      if (codes) {
        counter("unknown").inc();
      }
      return;
    }
    Counter group = byClass[code / 100];
    if (group == null) {
      group = counter(code / 100 + "xx");
      byClass[code / 100] = group;
    }
    group.inc();
    if (codes) {
      Counter one = byCode[code];
      if (one == null) {
        one = counter(Integer.toString(code));
        byCode[code] = one;
      }
      one.inc();
    }
  }
}
