package heddle.proxy.stats;

/** Milliseconds, in Envoy's default buckets. One thread writes; readers may be slightly behind. */
public final class Histogram {
  static final double[] BOUNDS = {
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000,
    1800000, 3600000
  };

  private final long[] counts = new long[BOUNDS.length + 1];
  private long sum;

  /** Records one value in milliseconds. */
  public void record(long millis) {
    int i = 0;
    while (i < BOUNDS.length && millis > BOUNDS[i]) {
      i++;
    }
    counts[i]++;
    sum += millis;
  }

  /** How many values were recorded. */
  public long count() {
    long total = 0;
    for (long c : counts) {
      total += c;
    }
    return total;
  }

  long sum() {
    return sum;
  }

  long[] counts() {
    return counts.clone();
  }

  /** An upper bound of the value below which the share {@code q} (0 to 1) of the values lies. */
  double quantile(double q) {
    long rank = (long) Math.ceil(q * count());
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        return i < BOUNDS.length ? BOUNDS[i] : BOUNDS[BOUNDS.length - 1];
      }
    }
    return 0;
  }
}
