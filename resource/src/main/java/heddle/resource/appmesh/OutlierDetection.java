package heddle.resource.appmesh;

import java.time.Duration;

/**
 * Passive health checking, done by every client.
 *
 * @param maxServerErrors consecutive 5xx until a host is ejected
 * @param interval between two sweeps
 * @param baseEjectionDuration times how often the host was ejected
 * @param maxEjectionPercent 0 to 100; one host may always be ejected
 */
public record OutlierDetection(
    int maxServerErrors, Duration interval, Duration baseEjectionDuration, int maxEjectionPercent) {
  static OutlierDetection of(Fields fields) {
    return new OutlierDetection(
        fields.whole("maxServerErrors"),
        fields.duration("interval"),
        fields.duration("baseEjectionDuration"),
        fields.whole("maxEjectionPercent"));
  }
}
