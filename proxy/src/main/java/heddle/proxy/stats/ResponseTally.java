package heddle.proxy.stats;

/**
 * Completed requests and the classes of their responses: {@code PREFIXcompleted}, {@code
 * PREFIX2xx}.
 */
public final class ResponseTally {
  private final Counter completed;
  private final CodeCounters classes;

  /**
   * @param prefix e.g. {@code http.p.downstream_rq_}
   */
  public ResponseTally(Stats stats, String prefix) {
    completed = stats.counter(prefix + "completed");
    classes = new CodeCounters(stats, prefix, false);
  }

  /** Counts one response. */
  public void inc(int code) {
    completed.inc();
    classes.inc(code);
  }
}
