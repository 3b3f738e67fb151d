package heddle.bench.proxy;

import heddle.bench.origin.Origin;
import heddle.bench.wrk.Request;

/**
 * One kind of request.
 *
 * @param method GET: the response has the body; POST: the request has it
 * @param bytes of the body
 * @param hops proxies between client and origin
 */
record Shape(String method, int bytes, int hops) {

  Request request() {
    return method.equals("GET")
        ? new Request("GET", "/" + bytes, 0)
        : new Request("POST", Origin.POST_PATH, bytes);
  }

  String label() {
    return "%s %d KiB, %s".formatted(method, bytes / 1024, hops == 1 ? "1 hop" : hops + " hops");
  }
}
