{# Lists of column names, and what differs between two lists of columns. #}

{%- macro get_list_of_column_names(columns) -%}
    {{ return(columns | map(attribute='name') | list) }}
{%- endmacro %}

{% macro get_quoted_csv(column_names) %}
    {% set quoted = [] %}
    {% for name in column_names %}
        {% do quoted.append(adapter.quote(name)) %}
    {% endfor %}
    {{ return(quoted | join(', ')) }}
{% endmacro %}


{# Columns that the target lacks, by name alone. #}
{% macro diff_columns(source_columns, target_columns) %}
    {{ return(source_columns | rejectattr('name', 'in', target_columns | map(attribute='column') | list) | list) }}
{% endmacro %}

{# Columns that both have with different types, as mappings {column_name, new_type}. A shorter text fits into a longer one. #}
{% macro diff_column_data_types(source_columns, target_columns) %}
    {{ return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) }}
{% endmacro %}

{% macro default__diff_column_data_types(source_columns, target_columns) %}
    {% set differing = [] %}
    {% for source in source_columns %}
        {% set target = target_columns | selectattr('name', 'equalto', source.name) | first %}
        {% if target and source.expanded_data_type != target.expanded_data_type
              and not source.can_expand_to(other_column=target) %}
            {% do differing.append({'column_name': target.name, 'new_type': source.expanded_data_type}) %}
        {% endif %}
    {% endfor %}
    {{ return(differing) }}
{% endmacro %}
