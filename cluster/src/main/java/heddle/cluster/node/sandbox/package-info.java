/**
 * Starts one container's process in a bubblewrap sandbox inside its pod's network namespace. The
 * node agent's containers are its only caller; public are {@link
 * heddle.cluster.node.sandbox.Sandbox} (what to run), {@link heddle.cluster.node.sandbox.Launcher}
 * (who runs it), {@link heddle.cluster.node.sandbox.SandboxProcess} and {@link
 * heddle.cluster.node.sandbox.ProcessRecord}.
 */
@NullMarked
package heddle.cluster.node.sandbox;

import org.jspecify.annotations.NullMarked;
