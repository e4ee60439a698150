package dev.redrive.testkit;

import java.util.List;
import java.util.function.Supplier;

/**
 * What a request asks for.
 *
 * @param operation its kind
 * @param ids the deliveries it names
 * @param work does it and answers; called under the fake's lock
 */
record Route(Operation operation, List<String> ids, Supplier<Answer> work) {}
