/** The user's configuration file and the profiles in it. */
@NullMarked
package dev.redrive.cli.config;

import org.jspecify.annotations.NullMarked;
