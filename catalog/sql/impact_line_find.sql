-- The line of a name: event@major, or an event alone, whose newest active line it is, or else its newest.
--
-- $1 text   A name that an event had before is followed.
SELECT l.id
  FROM line_named l
  JOIN event_name n ON n.event_id = l.event_id AND n.name = split_part($1::text, '@', 1)
 WHERE position('@' IN $1::text) = 0 OR l.major::text = split_part($1::text, '@', 2)
 ORDER BY l.state = 'active' DESC, l.major DESC
 LIMIT 1
