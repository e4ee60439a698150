/**
 * The HTTP layer that all providers share, for those who write a provider module; users of a
 * provider need none of it. Authentication, deadlines, retries of reads, the single send of retry
 * requests, error mapping and limits live here and nowhere else.
 */
@NullMarked
package dev.redrive.http;

import org.jspecify.annotations.NullMarked;
