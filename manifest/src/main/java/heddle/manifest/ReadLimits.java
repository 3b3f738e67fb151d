package heddle.manifest;

/**
 * What the reader accepts at most; beyond it the input is refused with a diagnostic.
 *
 * @param codePoints of one text
 * @param depth of nesting
 * @param nodes of one text after aliases are expanded: the bound that defuses YAML bombs
 */
public record ReadLimits(int codePoints, int depth, int nodes) {

  /** 8 Mi code points, 128 levels, a million nodes. */
  public static ReadLimits standard() {
    return new ReadLimits(8 * 1024 * 1024, 128, 1_000_000);
  }
}
