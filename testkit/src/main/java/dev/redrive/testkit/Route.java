package dev.redrive.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A path of a {@link FakeApi} and its handler. Created with {@link FakeApi#get} and similar
 * methods.
 *
 * <p>A {@code {name}} in the path stands for any one segment, see {@link Call#path}. {@code {id}}
 * is the delivery that the request names, unless {@link #naming} says otherwise.
 */
public final class Route {
  private static final String DELIVERY = "id";

  private final String method;
  private final List<String> segments;
  private final Operation operation;
  private final Handler handler;
  private Predicate<Call> condition = call -> true;
  private Function<Call, List<String>> naming =
      call -> call.hasPath(DELIVERY) ? List.of(call.path(DELIVERY)) : List.of();

  Route(String method, String path, Operation operation, Handler handler) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("the path must start with a slash: " + path);
    }
    this.method = method;
    this.segments = List.of(path.substring(1).split("/", -1));
    this.operation = operation;
    this.handler = handler;
  }

  /** Takes only requests for which this holds; others go on to the next route. */
  public Route when(Predicate<Call> predicate) {
    this.condition = predicate;
    return this;
  }

  /**
   * How to tell which deliveries a request names: {@link Faults.Rule#naming}, {@link
   * RecordedRequest#ids} and {@link FakeApi#retryRequests} go by it.
   */
  public Route naming(Function<Call, List<String>> ids) {
    this.naming = ids;
    return this;
  }

  /** The request as this route reads it, null if it is not for this route. */
  @Nullable Call match(mockwebserver3.RecordedRequest request) {
    List<String> path = request.getUrl().pathSegments();
    if (!request.getMethod().equals(method) || path.size() != segments.size()) {
      return null;
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (segment.startsWith("{")) {
        parameters.put(segment.substring(1, segment.length() - 1), path.get(i));
      } else if (!segment.equals(path.get(i))) {
        return null;
      }
    }
    Call call = new Call(request, operation, parameters);
    return condition.test(call) ? call : null;
  }

  List<String> idsIn(Call call) {
    return naming.apply(call);
  }

  Handler handler() {
    return handler;
  }

  /** Does what a request asks for. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Works on a request. The fake's lock is held.
     *
     * @throws InvalidParameterException if the API refuses a parameter
     */
    Answer handle(Call call);
  }
}
