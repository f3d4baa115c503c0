{# Finding out whether a relation exists, from the cache that adapter.get_relation keeps. #}

{# The relation with its true type, or none. #}
{% macro load_cached_relation(relation) %}
    {{ return(adapter.get_relation(
        database=relation.database, schema=relation.schema, identifier=relation.identifier
    )) }}
{% endmacro %}

{# The former name. #}
{% macro load_relation(relation) %}
    {{ return(load_cached_relation(relation)) }}
{% endmacro %}


{# A pair: whether it exists, and the relation. "Create" means the value, nothing happens in the database. #}
{% macro get_or_create_relation(database, schema, identifier, type) -%}
    {{ return(adapter.dispatch('get_or_create_relation', 'dbt')(database, schema, identifier, type)) }}
{%- endmacro %}

{% macro default__get_or_create_relation(database, schema, identifier, type) %}
    {% set existing = adapter.get_relation(database=database, schema=schema, identifier=identifier) %}
    {% if existing %}
        {{ return([true, existing]) }}
    {% endif %}
    {{ return([false, api.Relation.create(
        database=database, schema=schema, identifier=identifier, type=type
    )]) }}
{% endmacro %}
