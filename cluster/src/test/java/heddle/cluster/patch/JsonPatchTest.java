package heddle.cluster.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.cluster.fixture.Json;
import heddle.cluster.object.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {

  private static JsonNode patched(String document, String operations) {
    return JsonPatch.apply(Json.of(document), Json.of("{p:" + operations + "}").get("p"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{a:1}|[{op:'add',path:'/b',value:2}]|{a:1,b:2}",
        "{a:[1,3]}|[{op:'add',path:'/a/1',value:2}]|{a:[1,2,3]}",
        "{a:[1]}|[{op:'add',path:'/a/-',value:2}]|{a:[1,2]}",
        "{a:{b:1}}|[{op:'remove',path:'/a/b'}]|{a:{}}",
        "{a:[1,2]}|[{op:'remove',path:'/a/0'}]|{a:[2]}",
        "{a:1}|[{op:'replace',path:'/a',value:{x:1}}]|{a:{x:1}}",
        "{a:[1,2]}|[{op:'replace',path:'/a/1',value:3}]|{a:[1,3]}",
        "{a:1}|[{op:'move',from:'/a',path:'/b'}]|{b:1}",
        "{a:{x:1}}|[{op:'copy',from:'/a',path:'/b'}]|{a:{x:1},b:{x:1}}",
        "{a:1}|[{op:'test',path:'/a',value:1}]|{a:1}",
        "{'x/y':1,'m~n':2}|[{op:'remove',path:'/x~1y'},{op:'replace',path:'/m~0n',value:3}]|{'m~n':3}",
        "{'':1}|[{op:'replace',path:'/',value:2}]|{'':2}"
      })
  void doesWhatTheStandardSays(String document, String operations, String expected) {
    assertThat(patched(document, operations)).isEqualTo(Json.of(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{op:'add',path:'/x/y',value:1}]",
        "[{op:'add',path:'/l/5',value:1}]",
        "[{op:'add',path:'/l/01',value:1}]",
        "[{op:'remove',path:'/x'}]",
        "[{op:'replace',path:'/x',value:1}]",
        "[{op:'test',path:'/a',value:2}]",
        "[{op:'add',path:'/x'}]",
        "[{op:'add',path:'x',value:1}]",
        "[{op:'move',path:'/x'}]",
        "[{op:'dance',path:'/a'}]"
      })
  void refusesWhatDoesNotFit(String operations) {
    assertThatThrownBy(() -> patched("{a:1,l:[1]}", operations)).isInstanceOf(ApiException.class);
  }

  @Test
  void copiesValuesSoThatLaterOperationsDoNotMeetThemTwice() {
    assertThat(
            patched(
                "{a:{x:1}}",
                "[{op:'copy',from:'/a',path:'/b'},{op:'replace',path:'/b/x',value:2}]"))
        .isEqualTo(Json.of("{a:{x:1},b:{x:2}}"));
  }
}
