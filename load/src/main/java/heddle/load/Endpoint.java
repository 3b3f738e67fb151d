package heddle.load;

/** Where connections go. */
record Endpoint(String host, int port, boolean secure) {}
