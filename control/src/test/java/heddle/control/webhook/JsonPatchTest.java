package heddle.control.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class JsonPatchTest {
  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  void addsReplacesAndRemovesMembersWhereTheyDiffer() throws Exception {
    JsonNode patch =
        between("{'a':1,'b':{'c':[1],'d':2},'gone':0}", "{'a':1,'b':{'c':[1,2],'d':2,'e':{}}}");

    assertThat(patch)
        .isEqualTo(
            json(
                "[{'op':'remove','path':'/gone'},"
                    + "{'op':'replace','path':'/b/c','value':[1,2]},"
                    + "{'op':'add','path':'/b/e','value':{}}]"));
  }

  @Test
  void escapesSlashesAndTildesInNames() throws Exception {
    assertThat(between("{}", "{'appmesh.k8s.aws/a~b':'x'}"))
        .isEqualTo(json("[{'op':'add','path':'/appmesh.k8s.aws~1a~0b','value':'x'}]"));
  }

  @Test
  void isEmptyForEqualObjects() throws Exception {
    assertThat(between("{'a':{'b':[{}]}}", "{'a':{'b':[{}]}}")).isEmpty();
  }

  private JsonNode between(String before, String after) throws Exception {
    return JsonPatch.between(json(before), json(after));
  }

  private JsonNode json(String text) throws Exception {
    return mapper.readTree(text.replace('\'', '"'));
  }
}
