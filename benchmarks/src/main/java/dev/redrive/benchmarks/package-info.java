/** What Redrive costs, measured; see the README of this module. */
@org.jspecify.annotations.NullMarked
package dev.redrive.benchmarks;
