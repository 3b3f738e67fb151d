package heddle.cluster.type;

/**
 * A column that a CustomResourceDefinition declares.
 *
 * @param type string, integer, number, boolean or date
 * @param priority 0 always shown, more with {@code -o wide}
 * @param jsonPath where the cell's value is, with a leading dot
 */
public record PrinterColumn(
    String name, String type, String format, int priority, String jsonPath) {}
