package dev.redrive.onlyoffice;

import java.util.List;

/** The logs that one request retries, on the wire. */
record RetryRequest(List<Integer> ids) {}
