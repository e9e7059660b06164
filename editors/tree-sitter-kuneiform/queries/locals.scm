(action) @local.scope
(setup) @local.scope
(test) @local.scope
(block) @local.scope
(for) @local.scope

(parameter name: (variable) @local.definition)
(declaration name: (variable) @local.definition)
(assignment receiver: (variable) @local.definition)
(for variable: (variable) @local.definition)

(variable) @local.reference
