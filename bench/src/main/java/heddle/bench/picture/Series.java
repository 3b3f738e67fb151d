package heddle.bench.picture;

/**
 * Who or what a colour stands for.
 *
 * @param colour as CSS has it
 */
public record Series(String name, String colour) {}
