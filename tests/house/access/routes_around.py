"""Who may open what around buying and selling: groups, searching, councils, words.

The columns are those of ``routes.py``.
"""

ROUTES_AROUND = """
asking.answer                   take_orders         ask              all
asking.ask                      propose_orders      -                all
asking.choose                   propose_orders      ask_answer       all
asking.end                      propose_orders      ask              all
asking.end_price                keep_store          ask              all
asking.extend                   propose_orders      ask              all
asking.give_up_price            propose_orders      ask              all
asking.index                    propose_orders      -                all
asking.letters                  keep_store          -                all
asking.make_offer               keep_store          ask              all
asking.moderate                 moderate            -                all
asking.near                     take_orders         -                all
asking.not_for_us               take_orders         ask              all
asking.show                     propose_orders      ask              all
asking.take_down                moderate            ask              all
asking.withdraw                 take_orders         ask              all
community.activity              public              activity         anyone
community.activity_calendar     public              activity         anyone
community.add_group             public              -                anyone
community.add_listing           signed_in           kept_group_kind  person
community.answer_report         signed_in           entry_report     person moderator
community.bring_back            signed_in           kept_activity    person
community.change_date           signed_in           kept_day         person
community.change_group          signed_in           kept_group       person
community.change_listing        signed_in           kept_activity    person
community.check_group           signed_in           group            owner
community.check_listing         signed_in           activity         owner
community.choose_kind           signed_in           kept_group       person
community.claim_group           signed_in           group            anyone
community.close_group           signed_in           kept_group       person
community.confirm_all           signed_in           kept_group       person
community.confirm_by_letter     public              token            anyone
community.confirm_listing       signed_in           kept_activity    person
community.dates                 signed_in           kept_activity    person
community.decide_group_claim    moderate            group_claim      all
community.end_keeper_invitation signed_in           keeper_invitation person
community.end_listing           signed_in           kept_activity    person
community.end_partnership       administer_council  partner          all
community.group                 public              group            anyone
community.group_calendar        public              group            anyone
community.group_news            public              group            anyone
community.keep                  signed_in           kept_group       person
community.keeper_invitation     signed_in           token            anyone
community.keepers               signed_in           kept_group       person
community.leave_group           signed_in           kept_group       person
community.moderate_group        moderate            waiting_group    all
community.moderate_groups       moderate            -                all
community.my_groups             signed_in           -                all
community.open_group            signed_in           kept_group       person
community.partners              administer_council  council          all
community.place_calendar        public              district         anyone
community.place_news            public              district         anyone
community.report                public              activity         anyone
community.to_check              signed_in           -                owner
community.undo_date             signed_in           kept_day         person
community.whats_on              public              -                anyone
community.whats_on_calendar     public              -                anyone
community.whats_on_news         public              -                anyone
councils.answer_correction      open_funding_lines  correction       all
councils.corrections            open_funding_lines  -                all
councils.edit                   administer_council  council          all
councils.end_staff              administer_council  council          all
councils.index                  administer_council  -                all
councils.new                    administer_council  -                all
councils.staff                  administer_council  council          all
home.accessibility              public              -                anyone
home.close                      signed_in           -                all !supporters
home.close_now                  signed_in           -                all !supporters
home.easy_read                  public              -                anyone
home.front                      public              -                anyone
home.health                     public              -                anyone
home.language                   public              language         anyone
home.metrics                    public              -                anyone
home.my_data                    signed_in           -                all !supporters
home.my_data_csv                signed_in           -                all !supporters
home.my_data_json               signed_in           -                all !supporters
home.portal                     public              portal           anyone
home.privacy                    public              -                anyone
home.put_right                  signed_in           -                all !supporters
home.ready                      public              -                anyone
home.robots                     public              -                anyone
home.safeguarding               public              -                anyone
home.theme                      public              portal           anyone
feeds.oruk_organisation         public              feed_group       anyone
feeds.oruk_organisation_in      public              feed_group_in    anyone
feeds.oruk_organisations        public              -                anyone
feeds.oruk_organisations_in     public              portal           anyone
feeds.oruk_root                 public              -                anyone
feeds.oruk_root_in              public              portal           anyone
feeds.oruk_service              public              feed_service     anyone
feeds.oruk_service_at_location  public              feed_link        anyone
feeds.oruk_service_at_location_in public              feed_link_in     anyone
feeds.oruk_service_at_locations public              -                anyone
feeds.oruk_service_at_locations_in public              portal           anyone
feeds.oruk_service_in           public              feed_service_in  anyone
feeds.oruk_services             public              -                anyone
feeds.oruk_services_in          public              portal           anyone
feeds.oruk_taxonomies           public              -                anyone
feeds.oruk_taxonomies_in        public              portal           anyone
feeds.oruk_taxonomy             public              feed_taxonomy    anyone
feeds.oruk_taxonomy_in          public              feed_taxonomy_in anyone
feeds.oruk_taxonomy_term        public              feed_term        anyone
feeds.oruk_taxonomy_term_in     public              feed_term_in     anyone
feeds.oruk_taxonomy_terms       public              -                anyone
feeds.oruk_taxonomy_terms_in    public              portal           anyone
feeds.question                  moderate            feed_question    all
feeds.source                    moderate            source           all
feeds.sources                   moderate            -                all
ratings.decide                  moderate            rating           all
ratings.keep                    moderate            rating           all
ratings.mine                    see_wallet          -                all
ratings.moderate                moderate            -                all
ratings.rate                    propose_orders      done_order       person pay
ratings.reply                   keep_store          rating           all
ratings.report                  signed_in           rating           anyone
ratings.show                    moderate            hidden_rating    all
ratings.store                   keep_store          -                all
reports.dashboard               read_market         -                all
reports.demand                  read_market         -                all
reports.download                read_market         report           anyone
reports.near_you                keep_store          -                all
search.api.activity             public              activity         anyone
search.api.categories           public              -                anyone
search.api.group                public              group            anyone
search.api.guide                public              -                anyone
search.api.offer                public              offer            anyone
search.api.openapi              public              -                anyone
search.api.search               public              -                anyone
search.api.store                public              store            anyone
search.api.suggest              public              -                anyone
search.compare                  public              -                anyone
search.find                     public              -                anyone
search.near_me                  public              -                anyone
search.calendar                 public              -                anyone
search.news                     public              -                anyone
search.find_in                  public              portal           anyone
search.offer                    public              offer            anyone
search.store                    public              store            anyone
search.store_sheet              public              store            anyone
search.suggest                  public              -                anyone
calendars.change_address        signed_in           -                person see store
calendars.end_follower          see_wallet          calendar_follower person !see
calendars.feed                  public              calendar_feed    anyone
calendars.index                 see_wallet          -                all
calendars.month                 see_wallet          calendar_month   anyone
calendars.people                signed_in           -                all
calendars.people_week           signed_in           calendar_week    anyone
calendars.phone                 signed_in           -                person see store
calendars.reminders             signed_in           -                person see store
calendars.sheet                 see_wallet          calendar_week    anyone
calendars.stop                  public              stop_link        anyone
calendars.switch_off            signed_in           -                person see store
calendars.week                  see_wallet          calendar_week    anyone
calendars.work                  take_orders         -                all
calendars.work_month            take_orders         calendar_month   anyone
calendars.work_sheet            take_orders         calendar_week    anyone
calendars.work_week             take_orders         calendar_week    anyone
shortlists.copy                 keep_lists          linked_list      anyone
shortlists.end                  keep_lists          list             person !see !plan
shortlists.end_linked           public              linked_list      nobody
shortlists.change_note          keep_lists          note             person
shortlists.index                keep_lists          -                all
shortlists.keep                 public              -                anyone
shortlists.linked               public              linked_list      anyone
shortlists.move                 keep_lists          thing            all
shortlists.remove_note          keep_lists          note             person
shortlists.rename               keep_lists          list             all
shortlists.show                 keep_lists          list             all
shortlists.take_off             keep_lists          thing            person !see !plan
shortlists.take_off_linked      public              linked_thing     nobody
shortlists.write_note           keep_lists          thing            all
talk.about_my_plan              see_wallet          own_council      all neighbour
talk.about_order                signed_in           talk_order       buyers store
talk.about_plan_of              open_funding_lines  funded_person    all
talk.ask_about_offer            propose_orders      offer            anyone
talk.ask_council                signed_in           talk             buyers store !see !approve
talk.ask_store                  propose_orders      store            anyone
talk.councils_to_write_to       see_wallet          -                all
talk.file                       signed_in           talk_file        buyers store
talk.inbox                      signed_in           -                all
talk.report                     signed_in           talk_message     buyers manager worker
talk.reported                   moderate            -                all
talk.settle                     moderate            talk_report      all
talk.thread                     signed_in           talk             buyers store
talk.concern                    keep_safe           concern          all
talk.concerns                   keep_safe           -                all
talk.take                       keep_safe           concern          all
talk.told                       public              council          anyone
talk.worry                      public              -                anyone
catalogue.answer_appeal         moderate            appeal           all
catalogue.appeals               moderate            -                all
catalogue.ask_for_evidence      moderate            provider         all
catalogue.capacity              keep_store          -                all
catalogue.evidence_paper        signed_in           paper            owner manager moderator
catalogue.evidence_to_check     moderate            -                all
catalogue.many_offers           keep_store          -                all
catalogue.my_council            keep_store          applied_council  all
catalogue.needed_evidence       moderate            -                all
catalogue.offer_versions        keep_store          offer            all
catalogue.offers_table          keep_store          -                all
catalogue.put_back_offer        keep_store          offer_version    all
catalogue.take_out_evidence     keep_store          own_evidence     all
catalogue.write_many_offers     keep_store          -                all
orders.end_holiday              keep_store          holiday          all
orders.holidays                 keep_store          -                all
orders.unit_price               keep_store          -                all
payments.accounts               see_earnings        -                all
payments.accounts_file          see_earnings        -                all
payments.accounts_xero          see_earnings        -                all
static                          public              file             anyone
"""
