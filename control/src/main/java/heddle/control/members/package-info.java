/**
 * Lets what has members go only when they are gone. Used by {@code heddle.control}. Public: {@link
 * heddle.control.members.MemberFinalizers}.
 */
@NullMarked
package heddle.control.members;

import org.jspecify.annotations.NullMarked;
