{# Arguments of a function on Postgres, which may have defaults. #}

{% macro postgres__formatted_scalar_function_args_sql() %}
    {% set arguments = [] %}
    {% for argument in model.arguments %}
        {% set default_value = argument.get('default_value', none) %}
        {% set default_clause = '' if default_value is none else ' DEFAULT ' ~ default_value %}
        {% do arguments.append(argument.name ~ ' ' ~ argument.data_type ~ default_clause) %}
    {% endfor %}
    {{ arguments | join(', ') }}
{% endmacro %}
