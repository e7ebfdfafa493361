"""Confluent's Python client: registers, evolves, is refused, fetches, encodes and decodes, deletes."""
import json
import os

from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.serialization import MessageField, SerializationContext


def fresh():
    return SchemaRegistryClient({"url": os.environ["REGISTRY_URL"], "max.retries": 0})


def order(*fields):
    return Schema(json.dumps({"type": "record", "name": "Order", "namespace": "shop", "fields": list(fields)}), "AVRO")


def refused(status, code, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except SchemaRegistryError as error:
        assert (error.http_status_code, error.error_code) == (status, code), error
        return
    raise AssertionError(f"{call} was not refused")


ID = {"name": "id", "type": "long"}
NOTE = {"name": "note", "type": ["null", "string"], "default": None}
TOTAL = {"name": "total", "type": "double"}
client = fresh()

# registers, and evolves
subject = "python/orders value-é"
first = client.register_schema(subject, order(ID))
assert fresh().register_schema(subject, order(ID)) == first, "the same schema has the same id"
second = client.register_schema(subject, order(ID, NOTE), normalize_schemas=True)
assert first != second
assert client.get_versions(subject) == [1, 2]
assert subject in client.get_subjects()
latest = fresh().get_latest_version(subject)
assert (latest.version, latest.schema_id) == (2, second)
full = client.register_schema_full_response(subject, order(ID))
assert full.schema_id == first

# is refused
refused(409, 409, client.register_schema, subject, order(ID, TOTAL))
assert client.test_compatibility(subject, order(ID, TOTAL)) is False
assert client.test_compatibility(subject, order(ID, NOTE)) is True
assert client.test_compatibility_all_versions(subject, order(ID, TOTAL)) is False
refused(404, 40401, fresh().get_latest_version, "nobody")
refused(404, 40402, fresh().get_version, subject, 77)
refused(404, 40403, fresh().get_schema, 99999999)
refused(404, 40403, fresh().lookup_schema, subject, order(TOTAL))
refused(422, 42201, client.register_schema, "broken", Schema('{"type":"nonsense"}', "AVRO"))

# fetches by id
assert json.loads(fresh().get_schema(first).schema_str) == json.loads(order(ID).schema_str)
assert json.loads(fresh().get_schema(first, subject_name=subject).schema_str)["name"] == "Order"
assert fresh().lookup_schema(subject, order(ID, NOTE)).schema_id == second
assert subject in fresh().get_subjects_by_schema_id(first)

# references
client.register_schema("python-address", Schema('{"type":"record","name":"shop.Address","fields":[]}', "AVRO"))
referring = Schema(
    '{"type":"array","items":"shop.Address"}', "AVRO", [SchemaReference("shop.Address", "python-address", 1)]
)
referring_id = client.register_schema("python-addresses", referring)
assert client.get_referenced_by("python-address", 1) == [referring_id]

# encodes and decodes: registering by itself, then with the latest
context = SerializationContext("payments", MessageField.VALUE)
serializer = AvroSerializer(fresh(), order(ID, NOTE).schema_str)
message = serializer({"id": 7, "note": "seven"}, context)
assert message[0] == 0 and len(message) > 5
assert AvroDeserializer(fresh())(message, context) == {"id": 7, "note": "seven"}
latest_only = AvroSerializer(
    fresh(), None, conf={"auto.register.schemas": False, "use.latest.version": True}
)
assert AvroDeserializer(fresh())(latest_only({"id": 8, "note": None}, context), context)["id"] == 8

person = json.dumps({"title": "Person", "type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]})
people = SerializationContext("people", MessageField.VALUE)
encoded = JSONSerializer(person, fresh())({"name": "Ada"}, people)
assert JSONDeserializer(person)(encoded, people) == {"name": "Ada"}

# config and mode
client.set_compatibility(subject, "FULL")
assert fresh().get_compatibility(subject) == "FULL"
client.set_compatibility(level="BACKWARD")
assert fresh().get_compatibility() == "BACKWARD"
assert client.get_global_mode() == "READWRITE"
assert client.update_mode(subject, "READONLY") == "READONLY"
refused(422, 42205, fresh().register_schema, subject, order(ID, NOTE, {"name": "x", "type": "int", "default": 0}))
client.update_mode(subject, "READWRITE")
assert client.get_contexts()[0] == "."
assert "AVRO" in client.get_schema_types()

# deletes: soft first, then for good
assert client.delete_version(subject, 1) == 1
assert client.delete_subject(subject) == [2]
assert client.delete_subject(subject, permanent=True) == [1, 2]
refused(404, 40401, fresh().get_versions, subject)
print("confluent-python: registered, evolved, refused, fetched, encoded, decoded, deleted")
