/**
 * The health indicator of Redrive in Spring Boot 3. All else is in {@link dev.redrive.spring}.
 *
 * <pre>{@code
 * management.health.redrive.enabled=false
 * }</pre>
 */
@NullMarked
package dev.redrive.spring.boot3;

import org.jspecify.annotations.NullMarked;
