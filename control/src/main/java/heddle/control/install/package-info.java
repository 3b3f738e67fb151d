/**
 * What the controller needs to be installed, as Kubernetes objects. Used by {@code cli}. Public:
 * {@link heddle.control.install.ControllerManifests}.
 */
@NullMarked
package heddle.control.install;

import org.jspecify.annotations.NullMarked;
