/** What commands print: tables, JSON, plans, reports, and the files that they write. */
@NullMarked
package dev.redrive.cli.output;

import org.jspecify.annotations.NullMarked;
