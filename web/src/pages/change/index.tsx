/* A change: what it says in one sentence, who has to agree, what breaks and why, what was said. Printed, it is the record of the decision. */
import { useEffect } from 'preact/hooks';
import { Markdown } from '../../design/markdown';
import { Button, LinkButton, Name, Notice, Page, Show, When } from '../../design/parts';
import { useGet } from '../../lib/api';
import { asOf, href, place } from '../../lib/router';
import { session } from '../../lib/session';
import { LineLink, TeamLink } from '../../catalog/parts';
import { changeHref, changePath, useMyTeams, type Change } from '../../workflow/model';
import { ChangeClass, ChangeState, Day, FindingList, ImpactTable, Tally } from '../../workflow/parts';
import { Acts } from './acts';
import { Board } from './board';
import { Decide } from './decide';
import { Talk, Trail } from './talk';
import { WhatChanges } from './text';

function Facts({ change }: { change: Change }) {
  const { plan } = change;
  const { from, until } = plan.dual_publish ?? {};
  return (
    <dl class="facts">
      <dt>Proposed by</dt>
      <dd>
        {change.author}
        {change.author_team && (
          <>
            {' '}
            of <TeamLink slug={change.author_team} />
          </>
        )}
        , <When at={change.opened_at ?? change.updated_at} />
      </dd>
      <dt>Owner</dt>
      <dd>
        <TeamLink slug={change.owner} />
      </dd>
      <dt>How</dt>
      <dd>
        {change.strategy === 'new_line' ? 'A new line beside the old one' : 'In the line itself'}
        {plan.retire && (
          <>
            , then <Name text={plan.retire} /> is retired
          </>
        )}
        {from && (
          <>
            ; both from <Day at={from} />
          </>
        )}
        {until && (
          <>
            {' '}
            until <Day at={until} />
          </>
        )}
      </dd>
      {change.semver?.to && change.semver.to !== change.semver.from && (
        <>
          <dt>Version</dt>
          <dd class="num">
            {change.semver.from} → {change.semver.to} ({change.semver.step}){change.revision > 1 && `, revision ${change.revision}`}
          </dd>
        </>
      )}
      {plan.migration_guide && (
        <>
          <dt>Guide</dt>
          <dd>
            {/^https?:\/\//.test(plan.migration_guide) ? (
              <a href={plan.migration_guide} rel="noopener noreferrer nofollow">
                {plan.migration_guide}
              </a>
            ) : (
              plan.migration_guide
            )}
          </dd>
        </>
      )}
      {change.context && (
        <>
          <dt>Comes from</dt>
          <dd>
            <Name text={change.context} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Outcome({ change }: { change: Change }) {
  if (change.overridden)
    return (
      <Notice tone="warn" title={`Overridden by ${change.overridden.by ?? 'an administrator'}`}>
        {change.overridden.reason}
        {change.overridden.ticket && ` (${change.overridden.ticket})`}
      </Notice>
    );
  if (change.state === 'applied')
    return (
      <Notice tone="good" title="Applied">
        {change.applied
          ? `It is ${change.applied.line} ${change.applied.version}, schema id ${change.applied.schema_id}.`
          : 'It holds now.'}
      </Notice>
    );
  if (change.closed_at)
    return (
      <Notice title={`Closed by ${change.closed_by ?? 'the clock'}`}>
        {change.close_reason ?? 'Nobody gave a reason.'} <When at={change.closed_at} />
      </Notice>
    );
  return null;
}

function Body({ change }: { change: Change }) {
  const { query } = place.use();
  return (
    <div class="stack wide body">
      <Outcome change={change} />
      <Board change={change} />
      {change.rationale && (
        <section class="stack tight" aria-labelledby="why">
          <h2 id="why">Why</h2>
          <div class="prose">
            <Markdown text={change.rationale} />
          </div>
        </section>
      )}
      <section class="stack" aria-labelledby="effects">
        <h2 id="effects">Who is affected</h2>
        <Tally counts={change.counts} />
        <ImpactTable rows={change.impact} findings={change.findings} order={query.get('sort')} />
      </section>
      <section class="stack" aria-labelledby="findings">
        <h2 id="findings">What was found</h2>
        <FindingList findings={change.findings} impact={change.impact} />
      </section>
      {change.alternatives.length > 0 && (
        <section class="stack tight" aria-labelledby="ways">
          <h2 id="ways">Gentler ways</h2>
          <div class="prose">
            <ul>
              {change.alternatives.map((way) => (
                <li key={way}>{way}</li>
              ))}
            </ul>
          </div>
        </section>
      )}
      <section class="stack" aria-labelledby="what">
        <h2 id="what">What changes</h2>
        <WhatChanges change={change} />
      </section>
      <Talk change={change} />
      <Trail change={change} />
    </div>
  );
}

function Whole({ change }: { change: Change }) {
  const teams = useMyTeams();
  const { user } = session.use();
  const may = (team: string) => teams === null || teams.includes(team);
  const past = asOf() !== null;
  const mine = change.state === 'open' && !past ? change.requirements.filter((row) => row.status === 'waiting' && may(row.team)) : [];
  const own = may(change.owner) || (change.author_team !== null && may(change.author_team)) || change.author === user?.login;
  const going = change.state === 'open' || change.state === 'draft';
  useEffect(() => {
    const anchor = window.location.hash.slice(1);
    if (anchor) document.getElementById(anchor)?.scrollIntoView();
  }, [change.id]);
  return (
    <div class="change-grid">
      <div class="stack aside">
        {mine.length > 0 && <Decide change={change} rows={mine} />}
        {going && <Acts change={change} own={own && !past} past={past} />}
        <section class="card stack" aria-label="About">
          <Facts change={change} />
        </section>
      </div>
      <Body change={change} />
    </div>
  );
}

export function ChangePage({ params }: { params: Record<string, string> }) {
  const id = params.change as string;
  const loaded = useGet<Change>(changePath(id));
  const change = loaded.value;
  return (
    <Page
      title={change ? change.title : id}
      crumbs={[
        { label: 'Changes', href: href(['changes']) },
        { label: id, href: changeHref(id) },
      ]}
      lead={
        change && (
          <>
            <div class="row">
              <ChangeState of={change.state} />
              <ChangeClass of={change.class} />
              <LineLink line={change.line} />
            </div>
            <p class="sentence">{change.summary}.</p>
          </>
        )
      }
      actions={
        change && (
          <>
            <LinkButton href={href(['impact'], { line: change.line })} icon="flask">
              Impact lab
            </LinkButton>
            <Button onClick={() => window.print()}>Print</Button>
          </>
        )
      }
    >
      <Show of={loaded} what="Loading the change">
        {(value) => <Whole change={value} />}
      </Show>
    </Page>
  );
}
