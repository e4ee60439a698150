/** An application with Spring Boot 4 that catches up on what its receiver missed. */
@NullMarked
package dev.redrive.examples.spring;

import org.jspecify.annotations.NullMarked;
