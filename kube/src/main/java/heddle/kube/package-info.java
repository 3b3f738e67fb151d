/**
 * A Kubernetes API as Heddle's controllers see it: objects as JSON trees, verbs, lists and watches.
 * The only package that touches the client library; whether the API is the embedded one or a real
 * cluster is a kubeconfig.
 *
 * <p>Called by {@code control}, {@code rollout}, {@code chaos}, {@code gitops}, {@code scenario}
 * and {@code cli}. Public: {@link heddle.kube.KubeApi} (the verbs), {@link heddle.kube.KubeObject},
 * {@link heddle.kube.KubeKind}, {@link heddle.kube.Scope}, {@link heddle.kube.KubeException},
 * {@link heddle.kube.KubeWatch}. Below: {@code apply} (manifests in, prune, wait), {@code cache},
 * {@code loop} (reconcilers), {@code status} (conditions and events).
 */
@NullMarked
package heddle.kube;

import org.jspecify.annotations.NullMarked;
