package heddle.bench.proxy;

import heddle.load.Target;
import java.net.URI;
import java.util.List;

/**
 * One kind of request.
 *
 * @param method GET: the response has the body; POST: the request has it
 * @param bytes of the body
 * @param hops proxies between client and origin
 */
record Shape(String method, int bytes, int hops) {

  String path() {
    return method.equals("GET") ? "/" + bytes : Origin.POST_PATH;
  }

  String url(int port) {
    return "http://127.0.0.1:" + port + path();
  }

  Target target(int port) {
    byte[] body = new byte[method.equals("POST") ? bytes : 0];
    return new Target(method, URI.create(url(port)), List.of(), body);
  }

  String label() {
    return "%s %d KiB, %s".formatted(method, bytes / 1024, hops == 1 ? "1 hop" : hops + " hops");
  }
}
