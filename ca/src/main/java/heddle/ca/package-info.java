/**
 * Issues certificates: API server, control plane, webhooks, workload identities.
 *
 * <p>Called by {@code cluster} (server and client certificates, the key that signs service account
 * tokens), {@code control} (webhook certificates) and {@code cli}. Public face: {@link
 * heddle.ca.CertificateAuthority}, {@link heddle.ca.Identity}, {@link heddle.ca.Subject}, {@link
 * heddle.ca.Pem}.
 */
@NullMarked
package heddle.ca;

import org.jspecify.annotations.NullMarked;
