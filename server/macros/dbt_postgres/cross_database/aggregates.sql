{# Aggregate functions on Postgres. #}

{# The least value is as good as any, and every version of Postgres has min(). #}
{% macro postgres__any_value(expression) -%}
    min({{ expression }})
{%- endmacro %}


{# A limit needs the values as an array first, for string_agg has none. #}
{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {% if limit_num -%}
    array_to_string(
        (array_agg(
            {{ measure }}
            {% if order_by_clause -%}
            {{ order_by_clause }}
            {%- endif %}
        ))[1:{{ limit_num }}],
        {{ delimiter_text }}
        )
    {%- else %}
    string_agg(
        {{ measure }},
        {{ delimiter_text }}
        {% if order_by_clause -%}
        {{ order_by_clause }}
        {%- endif %}
        )
    {%- endif %}
{%- endmacro %}
