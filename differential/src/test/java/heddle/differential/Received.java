package heddle.differential;

/**
 * A request as an upstream received it; its body may still be arriving.
 *
 * @param number counts the requests of one leg over all upstreams, from 1
 * @param connection counts the upstream's connections, from 1
 */
record Received(String upstream, int number, int connection, Message message) {}
