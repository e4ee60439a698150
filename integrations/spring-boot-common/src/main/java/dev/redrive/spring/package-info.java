/**
 * Redrive in Spring Boot: clients and ledger from properties, catch-up in the background, health
 * and an endpoint. Depend on {@code redrive-spring-boot-starter} (Spring Boot 3) or {@code
 * redrive-spring-boot4-starter}, and on the modules of the providers.
 *
 * <pre>{@code
 * redrive.chatt2me.accounts.sales.api-key=${SALES_KEY}
 * redrive.catch-up.enabled=true
 * }</pre>
 *
 * <p>Every bean can be replaced by one of the application. {@link
 * dev.redrive.spring.RedriveProperties} lists the properties.
 */
@NullMarked
package dev.redrive.spring;

import org.jspecify.annotations.NullMarked;
