/**
 * The admission webhooks: sidecar injection, and the defaults and rules of App Mesh's kinds. Used
 * by {@code heddle.control}. Public: {@link heddle.control.webhook.WebhookServer}, {@link
 * heddle.control.webhook.Webhook}, {@link heddle.control.webhook.AdmissionRequest}, {@link
 * heddle.control.webhook.Verdict}, {@link heddle.control.webhook.PodWebhook}, {@link
 * heddle.control.webhook.KindWebhooks}, {@link heddle.control.webhook.SocketPlace}.
 */
@NullMarked
package heddle.control.webhook;

import org.jspecify.annotations.NullMarked;
