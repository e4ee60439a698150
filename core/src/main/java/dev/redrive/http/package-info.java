/**
 * The HTTP layer that all providers share, for authors of provider modules. Users of a provider do
 * not need it. Authentication, deadlines, repeated reads, the single send of retry requests, error
 * mapping and limits are implemented here only.
 */
@NullMarked
package dev.redrive.http;

import org.jspecify.annotations.NullMarked;
