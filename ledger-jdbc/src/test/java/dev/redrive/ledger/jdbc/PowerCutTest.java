package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a power cut leaves of a file. The system calls of a process that claims are recorded: each
 * claim's bytes were handed to the disk (fdatasync) before the claim returned, and so before its
 * request could leave. It does not prove that the disk keeps its word.
 */
class PowerCutTest {
  private static final int CLAIMS = 30;
  private static final Pattern WRITE = Pattern.compile("pwrite64\\(\\d+<([^>]*)>");
  private static final Pattern SYNC = Pattern.compile("f(?:data)?sync\\(\\d+<([^>]*)>");
  private static final Pattern CLAIMED = Pattern.compile("write\\(1<[^>]*>, \"claimed \\d+");

  @TempDir Path folder;

  @Test
  void claim_whenItReturns_isOnTheDisk() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
    Path file = folder.toRealPath().resolve("ledger");
    Path trace = folder.resolve("trace");
    String recording =
        "set -- strace -f -y -e trace=pwrite64,write,fsync,fdatasync -o '" + trace + "' \"$@\"; ";
    try (Child child = Child.start(recording, "claimSingly", file.toString(), "r")) {
      String line = child.line();
      assumeTrue(line != null, "strace may not trace here");
      while (!line.equals("claimed " + CLAIMS)) {
        line = child.line();
      }
    }

    assertThat(claimsNotOnTheDisk(Files.readAllLines(trace), file)).isEmpty();
  }

  /** The claims that were told while bytes of the ledger were written and not synced. */
  private static List<String> claimsNotOnTheDisk(List<String> trace, Path ledger) {
    var unsynced = new HashSet<String>();
    var early = new ArrayList<String>();
    int claims = 0;
    int writes = 0;
    for (String line : trace) {
      Matcher write = WRITE.matcher(line);
      Matcher sync = SYNC.matcher(line);
      if (write.find() && isOnDisk(write.group(1), ledger)) {
        writes++;
        unsynced.add(write.group(1));
      } else if (sync.find()) {
        unsynced.remove(sync.group(1));
      } else if (CLAIMED.matcher(line).find()) {
        claims++;
        if (!unsynced.isEmpty()) {
          early.add(line);
        }
      }
    }
    assertThat(claims).isEqualTo(CLAIMS);
    assertThat(writes).isGreaterThanOrEqualTo(CLAIMS);
    return early;
  }

  /** The index of the log (-shm) is made anew after a power cut. */
  private static boolean isOnDisk(String file, Path ledger) {
    return file.equals(ledger.toString()) || file.equals(ledger + "-wal");
  }
}
