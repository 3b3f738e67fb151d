/**
 * The cluster's controllers: each in a package of its own, over the in-process API. {@link
 * heddle.cluster.controller.Controllers} starts them all.
 */
@NullMarked
package heddle.cluster.controller;

import org.jspecify.annotations.NullMarked;
