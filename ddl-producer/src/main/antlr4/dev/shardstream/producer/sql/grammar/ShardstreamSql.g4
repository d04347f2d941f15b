/*
 * The SQL that Shardstream reads: its own statements, and all of SQLite's SELECT.
 *
 * Keywords are matched in upper case: the parser is fed characters whose ASCII letters are raised
 * (CaseFoldingChars). Precedence of operators is SQLite's: https://sqlite.org/lang_expr.html
 */
grammar ShardstreamSql;

oneStatement
    : statement EOF
    ;

/** The text between the ends of a comment that holds table options. */
commentOptions
    : createOption (',' createOption)* EOF
    ;

statement
    : createTable
    | createEdgeTable
    | dropTable
    | alterTable
    | createIndex
    | dropIndex
    | createNamespace
    | dropNamespace
    | comment
    | show
    | describeTable
    | subscribe
    | killLiveQuery
    | moveShard
    | drainNode
    | undrainNode
    | rebalance
    | verifyTable
    | insert
    | update
    | delete
    | select
    | pragma
    | explain
    ;

// ---- Definitions

createTable
    : CREATE (NODE | STREAM)? TABLE (IF NOT EXISTS)? tableName
      ( '(' tableElement (',' tableElement)* ')' tableSuffixes?
      | AS select
      )
    ;

createEdgeTable
    : CREATE EDGE TABLE (IF NOT EXISTS)? tableName
      '(' FROM tableName TO tableName (',' tableElement)* ')' tableSuffixes?
    ;

tableElement
    : columnDefinition
    | tableConstraint
    ;

columnDefinition
    : name columnType columnConstraint*
    ;

columnType
    : IDENTIFIER+ ('(' signedNumber (',' signedNumber)? ')')?
    ;

columnConstraint
    : (CONSTRAINT name)? columnRule
    ;

columnRule
    : NOT NULL conflictClause?                                      #notNullRule
    | NULL                                                          #nullRule
    | PRIMARY KEY (ASC | DESC)? conflictClause? AUTOINCREMENT?      #primaryKeyRule
    | UNIQUE conflictClause?                                        #uniqueRule
    | DEFAULT defaultValue                                          #defaultRule
    | CHECK '(' expr ')'                                            #checkRule
    | references                                                    #referencesRule
    | COLLATE name                                                  #collateRule
    | (GENERATED ALWAYS)? AS '(' expr ')' (VIRTUAL | IDENTIFIER)?   #generatedRule
    ;

defaultValue
    : signedLiteral
    | '(' expr ')'
    | functionCall
    | name+
    ;

tableConstraint
    : (CONSTRAINT name)? tableRule
    ;

tableRule
    : PRIMARY KEY '(' keyColumn (',' keyColumn)* ')' conflictClause?    #primaryKeyConstraint
    | UNIQUE '(' keyColumn (',' keyColumn)* ')' conflictClause?         #uniqueConstraint
    | CHECK '(' expr ')'                                                #checkConstraint
    | FOREIGN KEY names references                                      #foreignKeyConstraint
    ;

keyColumn
    : name (COLLATE name)? (ASC | DESC)?
    ;

references
    : REFERENCES tableName names? referenceAction*
    ;

referenceAction
    : ON (DELETE | UPDATE) (SET (NULL | DEFAULT) | NO IDENTIFIER | CASCADE | RESTRICT)
    ;

conflictClause
    : ON CONFLICT (IDENTIFIER | REPLACE)
    ;

tableSuffixes
    : tableSuffix (','? tableSuffix)*
    ;

tableSuffix
    : WITH '(' createOption (',' createOption)* ')' #optionsSuffix
    | WITHOUT name                                  #withoutSuffix
    | STRICT                                        #strictSuffix
    | COMMENT STRING                                #commentSuffix
    ;

createOption
    : tableOption
    | splitAt
    ;

splitAt
    : SPLIT AT '(' splitPoint (',' splitPoint)* ')'
    ;

splitPoint
    : signedLiteral
    | '(' signedLiteral (',' signedLiteral)* ')'
    ;

tableOption
    : name name? '=' optionValue
    ;

optionValue
    : signedNumber
    | STRING
    | name
    | names
    ;

dropTable
    : DROP (NODE | EDGE | STREAM)? TABLE (IF EXISTS)? tableName (CASCADE | RESTRICT)?
    ;

alterTable
    : ALTER TABLE (IF EXISTS)? tableName tableChange
    ;

tableChange
    : ADD COLUMN? (IF NOT EXISTS)? columnDefinition                 #addColumn
    | DROP COLUMN? (IF EXISTS)? name (CASCADE | RESTRICT)?          #dropColumn
    | RENAME TO tableWord                                           #renameTable
    | RENAME COLUMN? (IF EXISTS)? name TO name                      #renameColumn
    | (MODIFY | SET) BLOCK_SIZE '='? signedNumber                   #setBlockSize
    | SET REPLICAS '='? signedNumber                                #setReplicas
    | MODIFY COLUMN? (IF EXISTS)? name columnType (NOT NULL)?       #modifyColumn
    | ALTER COLUMN? (IF EXISTS)? name columnChange                  #alterColumn
    ;

columnChange
    : (SET DATA)? TYPE columnType   #setType
    | SET DEFAULT defaultValue      #setDefault
    | DROP DEFAULT                  #dropDefault
    | SET NOT NULL                  #setNotNull
    | DROP NOT NULL                 #dropNotNull
    ;

createIndex
    : CREATE UNIQUE? INDEX (IF NOT EXISTS)? tableName ON tableName
      '(' keyColumn (',' keyColumn)* ')' whereClause? (COMMENT STRING)?
    ;

dropIndex
    : DROP INDEX (IF EXISTS)? tableName
    ;

createNamespace
    : CREATE NAMESPACE (IF NOT EXISTS)? namespaceWord
    ;

dropNamespace
    : DROP NAMESPACE (IF EXISTS)? namespaceWord
    ;

comment
    : COMMENT ON commented IS (STRING | NULL)
    ;

commented
    : TABLE tableName                   #commentedTable
    | COLUMN tableName '.' tableWord    #commentedColumn
    | INDEX tableName                   #commentedIndex
    ;

// ---- Our own

show
    : SHOW TABLES ((IN | FROM) namespaceWord)?      #showTables
    | SHOW NAMESPACES                           #showNamespaces
    | SHOW INDEXES (IN | FROM) tableName        #showIndexes
    | SHOW RESHARDS (LIKE STRING)?              #showReshards
    | SHOW RESHARD commandId                    #showReshard
    | SHOW SHARDS (IN | FROM) tableName         #showShards
    | SHOW NODES                                #showNodes
    | SHOW DDL commandId?                       #showDdl
    | SHOW PENDING DDL                          #showPendingDdl
    | SHOW LIVE QUERIES                         #showLiveQueries
    ;

/** In quotes, or bare: a UUID is names, numbers and signs to the lexer, default-r1 words and signs. */
commandId
    : STRING
    | QUOTED_IDENTIFIER
    | bareIdPart+
    ;

bareIdPart
    : name
    | DEFAULT
    | INTEGER_NUMBER
    | REAL_NUMBER
    | HEX_NUMBER
    | MALFORMED_NUMBER
    | '-'
    ;

describeTable
    : (DESCRIBE | DESC) TABLE? tableName HISTORY?
    ;

subscribe
    : SUBSCRIBE TO select
    ;

killLiveQuery
    : KILL LIVE QUERY commandId
    ;

moveShard
    : MOVE SHARD tableName signedNumber TO commandId
    ;

drainNode
    : DRAIN NODE commandId
    ;

undrainNode
    : UNDRAIN NODE commandId
    ;

rebalance
    : REBALANCE (TABLE tableName)?
    ;

verifyTable
    : VERIFY TABLE tableName (AGAINST LOG)?
    ;

/** Of SELECT and the like it is SQLite's, which is refused by name before it is parsed. */
explain
    : EXPLAIN pragma
    ;

pragma
    : PRAGMA (name '.')? name ('=' pragmaValue | '(' (pragmaValue (',' pragmaValue)*)? ')')?
      pragmaSuffix*
    ;

pragmaSuffix
    : WITH '(' tableOption (',' tableOption)* ')'   #pragmaOptions
    | ON MISMATCH name                              #onMismatch
    ;

pragmaValue
    : signedNumber
    | STRING
    | tableName
    | ON
    | PARAMETER
    ;

// ---- Changes

insert
    : (INSERT (OR (REPLACE | IDENTIFIER))? | REPLACE | UPSERT) INTO tableName (AS name)? names?
      ( VALUES row (',' row)*
      | DEFAULT VALUES
      | insertQuery
      )
      unsupportedTail?
    ;

insertQuery
    : (SELECT | WITH) .*?
    ;

update
    : UPDATE (OR (REPLACE | IDENTIFIER))? tableName tableAlias?
      SET assignment (',' assignment)* (WHERE expr)? unsupportedTail?
    ;

assignment
    : name '=' expr
    | names '=' expr
    ;

delete
    : DELETE FROM tableName tableAlias? (WHERE expr)? unsupportedTail?
    ;

/** What SQLite allows after a change and we do not: it is named in the error. */
unsupportedTail
    : (ON | RETURNING | FROM | ORDER | LIMIT) .*?
    ;

// ---- SELECT

select
    : withClause? selectCore (compoundOperator selectCore)* orderBy? limitClause?
    ;

withClause
    : WITH RECURSIVE? commonTable (',' commonTable)*
    ;

commonTable
    : name names? AS (NOT? MATERIALIZED)? '(' select ')'
    ;

compoundOperator
    : UNION ALL?
    | INTERSECT
    | EXCEPT
    ;

selectCore
    : SELECT (DISTINCT | ALL)? resultColumn (',' resultColumn)*
      fromClause? whereClause? groupBy? having? windowClause?   #selectRows
    | VALUES row (',' row)*                                     #valuesRows
    ;

resultColumn
    : '*'                                       #starColumn
    | name '.' '*'                              #tableStarColumn
    | expr (AS name | AS STRING | bareAlias)?   #exprColumn
    ;

fromClause
    : FROM joinedTables
    ;

joinedTables
    : tableItem (joinOperator tableItem joinConstraint?)*
    ;

joinOperator
    : ','
    | (NATURAL | LEFT | RIGHT | FULL | OUTER | INNER | CROSS)* JOIN
    ;

joinConstraint
    : ON expr
    | USING names
    ;

tableItem
    : tableName tableAlias? indexHint?              #tableMention
    | tableName '(' exprList? ')' tableAlias?       #tableFunction
    | '(' select ')' tableAlias?                    #derivedTable
    | '(' joinedTables ')' tableAlias?              #nestedTables
    ;

indexHint
    : INDEXED BY name
    | NOT INDEXED
    ;

tableAlias
    : AS name
    | AS STRING
    | bareAlias
    ;

whereClause
    : WHERE expr
    ;

groupBy
    : GROUP BY exprList
    ;

having
    : HAVING expr
    ;

orderBy
    : ORDER BY orderTerm (',' orderTerm)*
    ;

orderTerm
    : expr (ASC | DESC)? (NULLS (FIRST | LAST))?
    ;

limitClause
    : LIMIT expr ((OFFSET | ',') expr)?
    ;

windowClause
    : WINDOW name AS windowSpec (',' name AS windowSpec)*
    ;

windowSpec
    : '(' name? (PARTITION BY exprList)? orderBy? frame? ')'
    ;

frame
    : (RANGE | ROWS | GROUPS) (frameBound | BETWEEN frameBound AND frameBound)
      (EXCLUDE (NO OTHERS | CURRENT ROW | GROUP | TIES))?
    ;

frameBound
    : UNBOUNDED (PRECEDING | FOLLOWING)
    | CURRENT ROW
    | expr (PRECEDING | FOLLOWING)
    ;

// ---- Expressions

exprList
    : expr (',' expr)*
    ;

row
    : '(' exprList ')'
    ;

expr
    : expr AND expr     #andExpr
    | expr OR expr      #orExpr
    | comparison        #comparisonExpr
    ;

/** SQLite's operators of one precedence, from the left. */
comparison
    : operand comparisonTail*
    ;

comparisonTail
    : ('=' | '==' | '!=' | '<>') operand                        #equalTail
    | IS NOT? (DISTINCT FROM)? operand                          #isTail
    | NOT? IN inSource continuation?                            #inTail
    | NOT? BETWEEN operand AND operand                          #betweenTail
    | NOT? (LIKE | GLOB | REGEXP | MATCH) operand
      (ESCAPE operand)?                                         #likeTail
    | (ISNULL | NOTNULL | NOT NULL) continuation?               #nullTail
    ;

/** After an operator that ends what it is applied to, tighter ones take all before as operand. */
continuation
    : COLLATE (name | STRING) continuation?
    | ( '||' | '->' | '->>' | '*' | '/' | '%' | '+' | '-' | '<<' | '>>' | '&' | '|'
      | '<' | '<=' | '>' | '>=' ) operand
    ;

inSource
    : '(' exprList? ')'                 #inList
    | '(' select ')'                    #inSelect
    | tableName                         #inTable
    | tableName '(' exprList? ')'       #inFunction
    ;

operand
    : primary                                       #primaryOperand
    | ('-' | '+' | '~') operand                     #unaryOperand
    | operand COLLATE (name | STRING)               #collateOperand
    | operand ('||' | '->' | '->>') operand         #binaryOperand
    | operand ('*' | '/' | '%') operand             #binaryOperand
    | operand ('+' | '-') operand                   #binaryOperand
    | operand ('<<' | '>>' | '&' | '|') operand     #binaryOperand
    | operand ('<' | '<=' | '>' | '>=') operand     #binaryOperand
    | NOT comparison                                #notOperand
    ;

primary
    : literal                                                       #literalPrimary
    | PARAMETER                                                     #parameterPrimary
    | functionCall                                                  #functionPrimary
    | columnRef                                                     #columnPrimary
    | CASE operandOfCase=expr? whenClause+ (ELSE otherwise=expr)? END
                                                                    #casePrimary
    | CAST '(' expr AS castType ')'                                 #castPrimary
    | '(' expr ')'                                                  #groupedPrimary
    | '(' expr (',' expr)+ ')'                                      #rowPrimary
    | EXISTS? '(' select ')'                                        #subqueryPrimary
    ;

whenClause
    : WHEN expr THEN expr
    ;

columnRef
    : (name '.')? (name '.')? name
    ;

castType
    : name+ ('(' signedNumber (',' signedNumber)? ')')?
    ;

functionCall
    : functionName '(' ('*' | DISTINCT? exprList orderBy?)? ')'
      (WITHIN GROUP '(' ORDER BY expr ')')? filterClause? overClause?
    ;

functionName
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | softKeyword
    | joinKeyword
    ;

filterClause
    : FILTER '(' WHERE expr ')'
    ;

overClause
    : OVER (name | windowSpec)
    ;

literal
    : INTEGER_NUMBER
    | REAL_NUMBER
    | HEX_NUMBER
    | STRING
    | BLOB
    | NULL
    | TRUE
    | FALSE
    | CURRENT_DATE
    | CURRENT_TIME
    | CURRENT_TIMESTAMP
    ;

signedLiteral
    : ('-' | '+')? literal
    ;

signedNumber
    : ('-' | '+')? (INTEGER_NUMBER | REAL_NUMBER | HEX_NUMBER)
    ;

// ---- Names

tableName
    : (namespaceWord '.')? tableWord
    ;

/** The first namespace has a reserved word for its name. */
namespaceWord
    : tableWord
    | DEFAULT
    ;

tableWord
    : name
    | STRING
    ;

names
    : '(' name (',' name)* ')'
    ;

name
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | softKeyword
    | joinKeyword
    | CAST
    ;

/** A name without AS; a word that may begin what follows is none. */
bareAlias
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | STRING
    | softKeyword
    | CAST
    ;

joinKeyword
    : CROSS | FULL | INDEXED | INNER | LEFT | NATURAL | OUTER | RIGHT
    ;

/** Keywords that are names wherever a name can stand, as in SQLite. */
softKeyword
    : AGAINST | ALWAYS | ASC | AT | BLOCK_SIZE | BY | CASCADE | COLUMN | COMMENT | CONFLICT
    | CURRENT | DATA | DDL | DESC | DESCRIBE | DRAIN | EDGE | END | EXCLUDE | EXPLAIN | FILTER
    | FIRST | FOLLOWING | GENERATED | GLOB | GROUPS | HISTORY | IF | INDEXES | KEY | KILL | LAST
    | LIKE | LIVE | LOG | MATCH | MATERIALIZED | MISMATCH | MODIFY | MOVE | NAMESPACE | NAMESPACES
    | NO | NODE | NODES | NULLS | OFFSET | OTHERS | OVER | PARTITION | PENDING | PRAGMA
    | PRECEDING | QUERIES | QUERY | RANGE | REBALANCE | RECURSIVE | REGEXP | RENAME | REPLACE
    | REPLICAS | RESHARD | RESHARDS | RESTRICT | ROW | ROWS | SHARD | SHARDS | SHOW | SPLIT
    | STREAM | STRICT | SUBSCRIBE | TABLES | TIES | TYPE | UNBOUNDED | UNDRAIN | UPSERT | VERIFY
    | VIRTUAL | WINDOW | WITH | WITHIN | WITHOUT
    ;

// ---- Tokens

ADD: 'ADD';
AGAINST: 'AGAINST';
ALL: 'ALL';
ALTER: 'ALTER';
ALWAYS: 'ALWAYS';
AND: 'AND';
AS: 'AS';
ASC: 'ASC';
AT: 'AT';
AUTOINCREMENT: 'AUTOINCREMENT';
BETWEEN: 'BETWEEN';
BLOCK_SIZE: 'BLOCK_SIZE';
BY: 'BY';
CASCADE: 'CASCADE';
CASE: 'CASE';
CAST: 'CAST';
CHECK: 'CHECK';
COLLATE: 'COLLATE';
COLUMN: 'COLUMN';
COMMENT: 'COMMENT';
CONFLICT: 'CONFLICT';
CONSTRAINT: 'CONSTRAINT';
CREATE: 'CREATE';
CROSS: 'CROSS';
CURRENT: 'CURRENT';
CURRENT_DATE: 'CURRENT_DATE';
CURRENT_TIME: 'CURRENT_TIME';
CURRENT_TIMESTAMP: 'CURRENT_TIMESTAMP';
DATA: 'DATA';
DDL: 'DDL';
DEFAULT: 'DEFAULT';
DELETE: 'DELETE';
DESC: 'DESC';
DESCRIBE: 'DESCRIBE';
DISTINCT: 'DISTINCT';
DRAIN: 'DRAIN';
DROP: 'DROP';
EDGE: 'EDGE';
ELSE: 'ELSE';
END: 'END';
ESCAPE: 'ESCAPE';
EXCEPT: 'EXCEPT';
EXCLUDE: 'EXCLUDE';
EXISTS: 'EXISTS';
EXPLAIN: 'EXPLAIN';
FALSE: 'FALSE';
FILTER: 'FILTER';
FIRST: 'FIRST';
FOLLOWING: 'FOLLOWING';
FOREIGN: 'FOREIGN';
FROM: 'FROM';
FULL: 'FULL';
GENERATED: 'GENERATED';
GLOB: 'GLOB';
GROUP: 'GROUP';
GROUPS: 'GROUPS';
HAVING: 'HAVING';
HISTORY: 'HISTORY';
IF: 'IF';
IN: 'IN';
INDEX: 'INDEX';
INDEXED: 'INDEXED';
INDEXES: 'INDEXES';
INNER: 'INNER';
INSERT: 'INSERT';
INTERSECT: 'INTERSECT';
INTO: 'INTO';
IS: 'IS';
ISNULL: 'ISNULL';
JOIN: 'JOIN';
KEY: 'KEY';
KILL: 'KILL';
LAST: 'LAST';
LEFT: 'LEFT';
LIKE: 'LIKE';
LIMIT: 'LIMIT';
LIVE: 'LIVE';
LOG: 'LOG';
MATCH: 'MATCH';
MATERIALIZED: 'MATERIALIZED';
MISMATCH: 'MISMATCH';
MODIFY: 'MODIFY';
MOVE: 'MOVE';
NAMESPACE: 'NAMESPACE';
NAMESPACES: 'NAMESPACES';
NATURAL: 'NATURAL';
NO: 'NO';
NODE: 'NODE';
NODES: 'NODES';
NOT: 'NOT';
NOTNULL: 'NOTNULL';
NULL: 'NULL';
NULLS: 'NULLS';
OFFSET: 'OFFSET';
ON: 'ON';
OR: 'OR';
ORDER: 'ORDER';
OTHERS: 'OTHERS';
OUTER: 'OUTER';
OVER: 'OVER';
PARTITION: 'PARTITION';
PENDING: 'PENDING';
PRAGMA: 'PRAGMA';
PRECEDING: 'PRECEDING';
PRIMARY: 'PRIMARY';
QUERIES: 'QUERIES';
QUERY: 'QUERY';
RANGE: 'RANGE';
REBALANCE: 'REBALANCE';
RECURSIVE: 'RECURSIVE';
REFERENCES: 'REFERENCES';
REGEXP: 'REGEXP';
RENAME: 'RENAME';
REPLACE: 'REPLACE';
REPLICAS: 'REPLICAS';
RESHARD: 'RESHARD';
RESHARDS: 'RESHARDS';
RESTRICT: 'RESTRICT';
RETURNING: 'RETURNING';
RIGHT: 'RIGHT';
ROW: 'ROW';
ROWS: 'ROWS';
SELECT: 'SELECT';
SET: 'SET';
SHARD: 'SHARD';
SHARDS: 'SHARDS';
SHOW: 'SHOW';
SPLIT: 'SPLIT';
STREAM: 'STREAM';
STRICT: 'STRICT';
SUBSCRIBE: 'SUBSCRIBE';
TABLE: 'TABLE';
TABLES: 'TABLES';
THEN: 'THEN';
TIES: 'TIES';
TO: 'TO';
TRUE: 'TRUE';
TYPE: 'TYPE';
UNBOUNDED: 'UNBOUNDED';
UNDRAIN: 'UNDRAIN';
UNION: 'UNION';
UNIQUE: 'UNIQUE';
UPDATE: 'UPDATE';
UPSERT: 'UPSERT';
USING: 'USING';
VALUES: 'VALUES';
VERIFY: 'VERIFY';
VIRTUAL: 'VIRTUAL';
WHEN: 'WHEN';
WHERE: 'WHERE';
WINDOW: 'WINDOW';
WITH: 'WITH';
WITHIN: 'WITHIN';
WITHOUT: 'WITHOUT';

/** SQLite's other reserved words: no statement of ours has them, and no bare name can be one. */
RESERVED_WORD
    : 'COMMIT' | 'DEFERRABLE' | 'NOTHING' | 'TRANSACTION'
    ;

IDENTIFIER
    : NAME_START NAME_PART*
    ;

QUOTED_IDENTIFIER
    : '"' (~'"' | '""')* '"'
    | '`' (~'`' | '``')* '`'
    | '[' ~']'* ']'
    ;

STRING
    : '\'' (~'\'' | '\'\'')* '\''
    ;

BLOB
    : 'X\'' ~'\''* '\''
    ;

INTEGER_NUMBER
    : DIGITS
    ;

HEX_NUMBER
    : '0X' [0-9A-F]+ ('_' [0-9A-F]+)*
    ;

REAL_NUMBER
    : DIGITS '.' DIGITS? EXPONENT?
    | '.' DIGITS EXPONENT?
    | DIGITS EXPONENT
    ;

MALFORMED_NUMBER
    : (INTEGER_NUMBER | HEX_NUMBER | REAL_NUMBER) NAME_PART+
    ;

PARAMETER
    : '?' [0-9]*
    | [:@$] NAME_PART+
    ;

SEMICOLON: ';';

LINE_COMMENT
    : '--' ~[\n]* -> channel(HIDDEN)
    ;

BLOCK_COMMENT
    : '/*' .*? '*/' -> channel(HIDDEN)
    ;

SPACES
    : [ \t\n\f\r\uFEFF]+ -> skip
    ;

UNTERMINATED_STRING
    : 'X'? '\'' (~'\'' | '\'\'')*
    ;

UNTERMINATED_IDENTIFIER
    : '"' (~'"' | '""')*
    | '`' (~'`' | '``')*
    | '[' ~']'*
    ;

UNTERMINATED_COMMENT
    : '/*' (~'*' | '*'+ ~[*/])* '*'*
    ;

UNEXPECTED_CHARACTER: . ;

fragment DIGITS: [0-9]+ ('_' [0-9]+)*;
fragment EXPONENT: 'E' [+-]? DIGITS;
fragment NAME_START: [A-Z_\u0080-\uFFFE];
fragment NAME_PART: [A-Z0-9_$\u0080-\uFFFE];
