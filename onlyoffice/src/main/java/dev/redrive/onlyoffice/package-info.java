@NullMarked
package dev.redrive.onlyoffice;

import org.jspecify.annotations.NullMarked;
