"""Who may open what: one line for each address.

Columns: the endpoint, the permission its guard asks for, what its address names (a kind of thing
of ``filling.py``; ``-`` for nothing), and for whom it is there when that thing is on their own
side. ``all`` is everybody whom the guard lets in; ``anyone`` is everybody, on both sides; ``!see``
is told that they may not (403) although it is there. ``unsigned`` is for messages of other
companies: nobody's cookie or token opens it, only a signature, so everybody is answered 400.
Whoever is signed out is led to the sign-in page; whoever wears a hat that the guard refuses gets
403; whoever the guard lets in but for whom it is not there gets 404.
"""

from dataclasses import dataclass

from tests.house.access.routes_around import ROUTES_AROUND

ROUTES = """
budgets.answer_notice           see_wallet          clawback         person !see
budgets.audit_line              pay_providers       funding_line     all
budgets.audit_lines             pay_providers       -                all
budgets.kept_money              see_earnings        -                all
budgets.change_amount           open_funding_lines  funded_line      all
budgets.change_cost_code        open_funding_lines  funded_line      all
budgets.change_end              open_funding_lines  funded_line      all
budgets.change_funder           open_funding_lines  funded_line      all
budgets.change_holder           open_funding_lines  funded_line      all
budgets.clawback                ask_back            clawback         all
budgets.clawback_paper          ask_back            clawback         all
budgets.clawbacks               ask_back            -                all
budgets.close_line              open_funding_lines  funded_line      all
budgets.give_notice             ask_back            funding_line     all
budgets.handovers               open_funding_lines  -                all
budgets.line_of_person          open_funding_lines  funded_line      all
budgets.move_in_sequence        see_wallet          funding_line     person !see
budgets.notice                  see_wallet          clawback         all
budgets.notice_paper            see_wallet          clawback         all
budgets.offer_line              open_funding_lines  funded_line      all
budgets.own_money_back          see_wallet          -                person !supporters
budgets.owed_refunds            pay_providers       -                all
budgets.owed_refund             pay_providers       owed_refund      all
budgets.sequence                see_wallet          -                person !see
budgets.split_line              open_funding_lines  funded_line      all
budgets.take_back_offer         open_funding_lines  own_offer        all
budgets.take_over               open_funding_lines  handover         all
budgets.turn_down_handover      open_funding_lines  handover         all
access.accept_invitation        signed_in           invitation       person
access.account                  signed_in           -                all
access.agree_to_broker          manage_circle       broker           all
access.choose_rule              manage_circle       -                all
access.circle                   manage_circle       -                all
access.confirm                  public              token            anyone
access.confirm_again            signed_in           -                all
access.confirm_email            public              token            anyone
access.deeds                    signed_in           -                all
access.email                    signed_in           -                all
access.end_other_sign_ins       signed_in           -                all
access.end_sign_in              signed_in           sign_in          anyone
access.end_supporter            signed_in           supporter        person manage_circle plan
access.forgot                   public              -                anyone
access.forgot_sent              public              -                anyone
access.hats                     signed_in           -                all
access.invitations              signed_in           -                all
access.invite                   manage_circle       -                all
access.name                     signed_in           -                all
access.password                 signed_in           -                all
access.refuse_invitation        signed_in           invitation       person
access.reset                    public              token            anyone
access.sign_in                  public              -                anyone
access.sign_out                 public              -                anyone
access.sign_up                  public              -                anyone
access.supporter                manage_circle       supporter        all
budgets.add_outcome             see_wallet          -                person !see
budgets.answer_request          signed_in           request          practitioner
budgets.ask_once                place_orders        own_limit        all
budgets.add_person              open_funding_lines  -                all
budgets.alerts                  see_wallet          -                all
budgets.bought                  place_orders        -                all
budgets.choose_council_view     manage_circle       council          anyone
budgets.correct_purchase        place_orders        purchase         all
budgets.council_views           see_wallet          -                all
budgets.end_own_limit           see_wallet          own_limit        person !see
budgets.request_page            signed_in           request          person see practitioner
budgets.requests                signed_in           -                person approve practitioner
budgets.set_own_limit           see_wallet          funding_line     person !see
budgets.withdraw_request        signed_in           request          person
budgets.end_limit               open_funding_lines  limit            all
budgets.line                    see_wallet          funding_line     all
budgets.open_line               open_funding_lines  funded_person    all
budgets.people                  open_funding_lines  -                all
budgets.person                  open_funding_lines  funded_person    all
budgets.answer_pool_ask         approve_orders      pool_ask         all
budgets.end_pool                place_orders        pool             all
budgets.invite_to_pool          place_orders        pool             all
budgets.leave_pool              place_orders        pool             all
budgets.make_pool               place_orders        -                person !pay
budgets.pool                    see_wallet          pool             all
budgets.pool_invitation         place_orders        pool_invitation  person !pay
budgets.pools                   see_wallet          -                all
budgets.put_into_pool           place_orders        pool             all
budgets.take_from_pool          place_orders        pool_share       all
budgets.purchase                see_wallet          purchase         all
budgets.purchase_picture        see_wallet          purchase         all
budgets.purchases               see_wallet          -                all
budgets.remove_purchase         place_orders        purchase         all
budgets.set_limit               open_funding_lines  funded_line      all
budgets.statement               see_wallet          -                all
budgets.statement_csv           see_wallet          -                all
budgets.statement_pdf           see_wallet          -                all
budgets.statement_sheet         see_wallet          -                all
budgets.wallet                  see_wallet          -                all
catalogue.accept_evidence       moderate            evidence         all
catalogue.add_offer             keep_store          -                all
catalogue.agree_price           read_market         offer            all
catalogue.agreed_prices         read_market         -                all
catalogue.area                  keep_store          -                all
catalogue.bank                  see_earnings        -                all
catalogue.bank_change           public              bank_change      anyone
catalogue.bank_change_right     public              bank_change      anyone
catalogue.bank_change_wrong     public              bank_change      anyone
catalogue.change_offer          keep_store          offer            all
catalogue.change_store          keep_store          -                all
catalogue.claim                 signed_in           unclaimed_store  anyone
catalogue.confirm_store         keep_store          -                all
catalogue.decide_claim          moderate            claim            all
catalogue.describe_picture      keep_store          picture          all
catalogue.document              public              document         anyone
catalogue.documents             keep_store          -                all
catalogue.end_agreed_price      read_market         agreed_price     all
catalogue.end_worker            keep_store          worker           all
catalogue.evidence              keep_store          -                all
catalogue.join                  public              -                anyone
catalogue.moderate_claims       moderate            -                all
catalogue.moderate_provider     moderate            provider         all
catalogue.moderate_providers    moderate            -                all
catalogue.move_picture_up       keep_store          picture          all
catalogue.my_councils           keep_store          -                all
catalogue.my_store              keep_store          -                all
catalogue.open_store            keep_store          -                all
catalogue.pause_store           keep_store          -                all
catalogue.picture               public              picture          anyone
catalogue.picture_before        public              -                anyone
catalogue.pictures              keep_store          -                all
catalogue.remove_document       keep_store          document         all
catalogue.remove_picture        keep_store          picture          all
catalogue.room                  keep_store          -                all
catalogue.set_offer_state       keep_store          offer_state      all
catalogue.times                 keep_store          -                all
catalogue.workers               keep_store          -                all
orders.accept                   take_orders         order            all
orders.add_to_basket            propose_orders      -                all
orders.end_item                 place_orders        stop_item        all
orders.move_item                propose_orders      stop_move        all
orders.my_stop                  signed_in           provider_stop    buyers propose
orders.nobody_found             propose_orders      stop_item        all
orders.say_stop                 mediate             -                all
orders.stop                     mediate             provider_stop    all
orders.stop_store               keep_store          -                all
orders.stops                    mediate             -                all
orders.withdraw_stop            signed_in           provider_stop    owner manager
orders.answer_query             keep_store          query            all
orders.decide_query             mediate             query            all
orders.mediation                mediate             -                all
orders.query                    signed_in           query            buyers store mediators
orders.query_file               signed_in           query_file       buyers store mediators
orders.query_to_council         place_orders        query            all
orders.question                 mediate             query            all
orders.take_offer               place_orders        query            all
orders.withdraw_query           place_orders        query            all
orders.write_to_query           signed_in           query            talkers store mediators
orders.agree                    place_orders        changed_order    all
orders.approve                  approve_orders      suggestion       all
orders.basket                   propose_orders      -                all
orders.call_off                 take_orders         visit            all
orders.ask_pool                 place_orders        basket_store     all
orders.choose_payer             propose_orders      basket_store     all
orders.cancel                   place_orders        order            all
orders.cancel_visit             place_orders        visit            all
orders.change_line              propose_orders      basket_line      all
orders.confirm                  place_orders        noted_order      all
orders.credit                   keep_store          invoice          all
orders.decide_family            open_funding_lines  paid_family      all
orders.declare                  signed_in           broker_place     person
orders.decline                  take_orders         order            all
orders.desk                     signed_in           -                all
orders.end_family               manage_circle       family_carer     all
orders.family                   manage_circle       -                all
orders.family_carers            open_funding_lines  -                all
orders.index                    signed_in           -                person supporters
orders.invoice                  signed_in           invoice          buyers store payers
orders.invoice_pdf              signed_in           invoice          buyers store payers
orders.invoice_ubl              signed_in           invoice          buyers store payers
orders.self_billing             see_earnings        -                all
orders.vat                      see_earnings        -                all
orders.keep_time                place_orders        changed_order    all
orders.note                     take_orders         noted_visit      all
orders.day                      take_orders         -                all
orders.day_worker               take_orders         -                all
orders.done                     take_orders         visit            all
orders.undo                     take_orders         noted_visit      all
orders.arrived                  take_orders         visit            all
orders.left                     take_orders         visit            all
orders.phone                    take_orders         -                all
orders.from_phone               take_orders         -                all
orders.visit_photo              signed_in           noted_visit      buyers store
orders.week                     take_orders         -                all
orders.week_table               take_orders         -                all
orders.note_week                take_orders         -                all
orders.delivered                see_wallet          -                all
orders.work_delivered           take_orders         -                all
orders.delivered_to_person      open_funding_lines  funded_person    all
orders.of_supporter             manage_circle       supporter        all
orders.place                    propose_orders      -                all
orders.placed                   propose_orders      -                all
orders.propose                  take_orders         order            all
orders.show                     signed_in           order            buyers
orders.standing                 signed_in           -                person supporters
orders.standing_order           signed_in           standing         buyers
orders.standing_new             propose_orders      -                all
orders.standing_skip            place_orders        standing         all
orders.standing_pause           place_orders        standing         all
orders.standing_end             place_orders        standing         all
orders.standing_change          place_orders        standing         all
orders.standing_resume          place_orders        standing_gap     all
orders.standing_agree_price     place_orders        standing         all
orders.standing_turn_down_price place_orders        standing         all
orders.standing_pool_answer     approve_orders      pool_standing    all
orders.standing_of_person       open_funding_lines  funded_person    all
orders.work_standing            take_orders         -                all
orders.work_standing_order      take_orders         standing         all
orders.accept_standing_change   take_orders         standing         all
orders.decline_standing_change  take_orders         standing         all
orders.keep_old_price           keep_store          standing         all
orders.standing_worker          take_orders         standing         all
orders.stop_standing            keep_store          standing         all
orders.visit_worker             take_orders         visit            all
orders.take_out                 propose_orders      basket_line      all
orders.turn_down                signed_in           suggestion       decides !see !pay
orders.work                     take_orders         -                all
orders.work_order               take_orders         order            all
orders.work_orders              take_orders         -                all
orders.wrong                    place_orders        noted_visit      all
payments.approve                pay_providers       proposed_run     all
payments.bank_account           pay_providers       -                all
payments.bank_file              pay_providers       approved_run     all
payments.bank_line              pay_providers       open_line        all
payments.call                   pay_providers       held_change      all
payments.came_back              pay_providers       sent_item        all
payments.cancel                 pay_providers       proposed_run     all
payments.card_account           see_earnings        -                all
payments.card_disputes          pay_providers       -                all
payments.drop                   pay_providers       checked_file     all
payments.earnings               see_earnings        -                all
payments.end_family             place_orders        family_link      all
payments.family                 place_orders        -                all
payments.file                   pay_providers       filed_run        all
payments.finish_top_up          place_orders        declined         all
payments.give                   public              given_link       anyone
payments.given                  public              gift             anyone
payments.index                  pay_providers       -                all
payments.journal                pay_providers       -                all
payments.look_at_card_account   see_earnings        -                all
payments.money_in               pay_providers       -                all
payments.not_ours               pay_providers       open_line        all
payments.out_line               pay_providers       out_line         all
payments.out_not_ours           pay_providers       out_line         all
payments.paid                   pay_providers       sent_run         all
payments.paying_way             pay_providers       -                all
payments.propose                pay_providers       -                all
payments.reconciliation         pay_providers       -                all
payments.regular                place_orders        regular          all
payments.regulars               place_orders        -                all
payments.remittance             see_earnings        remittance       all
payments.run                    pay_providers       paid_run         all
payments.send_transfers         pay_providers       approved_run     all
payments.sent                   pay_providers       approved_run     all
payments.settle_dispute         pay_providers       card_dispute     all
payments.settle_top_up          pay_providers       top_up           all
payments.statement              pay_providers       checked_file     all
payments.statement_columns      pay_providers       unknown_file     all
payments.stop_regular           place_orders        regular          all
payments.stripe_webhook         public              -                unsigned
payments.take_in                pay_providers       checked_file     all
payments.take_out               pay_providers       planned_item     all
payments.top_up                 place_orders        -                all
payments.top_up_shown           place_orders        top_up           all
payments.undo_line              pay_providers       posted_line      all
payments.undo_out               pay_providers       settled_line     all
payments.upload_statement       pay_providers       -                all
"""

_SUPPORTERS = frozenset({"see", "plan", "propose", "approve", "pay", "manage_circle"})
_GROUPS = {
    "supporters": _SUPPORTERS,
    "!supporters": frozenset(f"!{each}" for each in _SUPPORTERS),
    # Who may see any order of the person.
    "buyers": frozenset({"person", "see", "approve", "pay"}),
    # Who may write for the person; who only reads is told so.
    "talkers": frozenset({"person", "pay", "!see", "!approve"}),
    "mediators": frozenset({"practitioner"}),
    "decides": frozenset({"person", "propose", "approve"}),
    "payers": frozenset({"finance_officer", "practitioner"}),
    "store": frozenset({"owner", "manager", "worker"}),
}


@dataclass(frozen=True)
class Route:
    """One line of the table."""

    endpoint: str
    guard: str
    kind: str
    whose: frozenset[str]

    def is_told_not_to(self, hat: str, *, own: bool) -> bool:
        """Say whether somebody whom the guard lets in finds it and may still not use it."""
        return f"!{hat}" in self.whose and (own or self.kind == "-")

    @property
    def is_public(self) -> bool:
        """Say whether the guard lets everybody in."""
        return self.guard == "public"

    def is_there_for(self, hat: str, *, own: bool) -> bool:
        """Say whether somebody whom the guard lets in finds it."""
        if "anyone" in self.whose:
            return True
        return (own or self.kind == "-") and ("all" in self.whose or hat in self.whose)


def routes() -> dict[str, Route]:
    """Return the table by endpoint."""
    found: dict[str, Route] = {}
    for line in f"{ROUTES.strip()}\n{ROUTES_AROUND.strip()}".splitlines():
        endpoint, guard, kind, *words = line.split()
        assert endpoint not in found, f"{endpoint} stands in the table twice"
        whose = frozenset().union(*(_GROUPS.get(word, {word}) for word in words))
        found[endpoint] = Route(endpoint, guard, kind, whose)
    return found
