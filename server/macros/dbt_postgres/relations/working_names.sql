{# Names of intermediate, temporary and backup relations that fit into Postgres's 63 bytes. Postgres would cut a longer name
   off at the end, where the suffix is that tells it from the name of the relation itself. #}

{# `dstring` adds the time of day, down to the microsecond. #}
{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) %}
    {% if dstring %}
        {% set suffix = suffix ~ modules.datetime.datetime.now().strftime("%H%M%S%f") %}
    {% endif %}
    {% set longest = base_relation.relation_max_name_length() %}
    {% if suffix | length > longest %}
        {% do exceptions.raise_compiler_error(
            'Relation suffix is too long (' ~ suffix | length ~ ' characters). Maximum length is ' ~ longest ~ ' characters.'
        ) %}
    {% endif %}
    {% set identifier = base_relation.identifier[:longest - suffix | length] ~ suffix %}
    {{ return(base_relation.incorporate(path={"identifier": identifier})) }}
{% endmacro %}

{% macro postgres__make_intermediate_relation(base_relation, suffix) %}
    {{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False)) }}
{% endmacro %}

{# A temporary table lives in a schema of its session, and is named without one. #}
{% macro postgres__make_temp_relation(base_relation, suffix) %}
    {% set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=True) %}
    {{ return(named.incorporate(path={"schema": none, "database": none})) }}
{% endmacro %}

{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix) %}
    {% set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=False) %}
    {{ return(named.incorporate(type=backup_relation_type)) }}
{% endmacro %}
