"""Parameters of web addresses that tell where a reader came from, and nothing about what is read.

Gathered from the documentation of those who add them: analytics (Google, Adobe, Matomo, AT Internet, Webtrekk), mail
services (Mailchimp, HubSpot, Marketo, Klaviyo, Omeda), social networks, and publishers' own buttons for sharing.
Names that also tell what is shown on some site (`id`, `page`, `cid`, `mod`) are here only for hosts where they don't.
"""

from urllib.parse import unquote_plus

from briefing.collecting.text.wordlists import words

_ANYWHERE = words(
    """
    __cft__[0] __hsfp __hssc __hstc __s __tn__ __twitter_impression _branch_match_id _branch_referrer _bta_c
    _bta_tid _ga _gl _hsenc _hsmi _ke _kx _openstat action_object_map action_ref_map action_type_map at_campaign
    at_campaign_type at_format at_medium bsft_clkid bsft_eid bsft_uid ck_subscriber_id cmp cmpid cn-reloaded
    dclid dm_i ef_id email_hash email_source emci emdi epik et_cid et_rid fb_action_ids fb_action_types fb_ref
    fb_source fbclid fref ga_campaign ga_content ga_medium ga_source ga_term gad_campaignid gad_source gbraid
    gclid gclsrc gdffi gdfms gdftrk gs_l guccounter guce_referrer guce_referrer_sig hc_location hc_ref
    hsctatracking icid igsh igshid irclickid itm_campaign itm_content itm_medium itm_source itm_term ito
    li_fat_id lipi mc_cid mc_eid mc_tc mibextid mkcid mkevt mkrid mkt_tok ml_subscriber ml_subscriber_hash
    msclkid msockid nb_klid ncid ndclid nr_email_referer ns_campaign ns_fee ns_linkname ns_mchannel ns_source
    ocid oicd oly_anon_id oly_enc_id rb_clickid rdt_cid recruited_by_id ref_src ref_url rssfeed s_cid s_kwcid
    sc_campaign sc_channel sc_cid sc_content sc_country sc_eid sc_geo sc_medium sc_outcome scm sfmc_sub
    sharetype simplereach smid smtyp soc_src soc_trk spjobid spm spmailingid spreportid spuserid sr_share
    srsltid tblci trk trkcampaign ttclid tw_source twclid utm vgo_ee wbraid wickedid wprov wt_mc wt_mc_o wt_zmc
    wtmc wtzmc xtor yclid ymclid ysclid zanpid
    """
)
_BEGINNINGS = tuple(
    words("utm_ utm- hmb_ mtm_ matomo_ piwik_ pk_ hsa_ vero_ trk_ __cft__ wt. at_custom at_link at_recipient stm_")
)
# On these hosts and those below them.
_BBC = "at_bbc_team pinned_post_locator ref"
_ON_HOSTS = {
    "aljazeera.com": "traffic_source",
    "amazon.com": "pd_rd_i pd_rd_r pd_rd_w pd_rd_wg pf_rd_i pf_rd_m pf_rd_p pf_rd_r pf_rd_s pf_rd_t qid ref ref_ tag",
    "apnews.com": "taid",
    "bbc.co.uk": _BBC,
    "bbc.com": _BBC,
    "bild.de": "t_ref wt_ref wt_t",
    "bloomberg.com": "leadsource srnd sref",
    "businessinsider.com": "ir r",
    "cnn.com": "hpt iid sr",
    "dw.com": "maca",
    "economist.com": "frsc fsrc",
    "facebook.com": "comment_tracking eid locale2 notif_id notif_t paipv rdid ref refid",
    "faz.net": "ga ghb",
    "forbes.com": "sh ss",
    "ft.com": "accesstoken desktop ftcamp segmentid share_type",
    "instagram.com": "taken-by",
    "latimes.com": "rand",
    "lemonde.fr": "lmd_campaign lmd_creation lmd_medium random",
    "linkedin.com": "eid midsig midtoken originalsubdomain otptoken rcm refid trackingid trkemail",
    "medium.com": "gi sk source",
    "nytimes.com": """
        _r action campaign_id clicksource contentcollection emc instance_id module nl partner pgtype ref referringsource
        regi_id region rref searchresultposition segment_id src te unlocked_article_code user_id version
    """,
    "reddit.com": "correlation_id rdt ref ref_source share_id",
    "reuters.com": "edition-redirect feedname feedtype il rpc taid virtualbrandchannel",
    "spiegel.de": "sara_ecid sara_ref",
    "spotify.com": "context nd si",
    "substack.com": "isfreemail post_id publication_id r showwelcome showwelcomeonshare token triedredirect",
    "theguardian.com": "amp_gsa amp_js_v commentpage",
    "tiktok.com": "_r _t is_from_webapp sender_device sender_web_id share_app_id u_code",
    "twitter.com": "cxt s t",
    "washingtonpost.com": "carta-url hpid itid nid postshare pwapi_token tid wpisrc wpmm",
    "wsj.com": "mod reflink st tesla",
    "x.com": "cxt s t",
    "youtu.be": "feature pp si",
    "youtube.com": "ab_channel embeds_referring_euri feature pp si source_ve_path",
}
_BY_HOST = {host: words(names) for host, names in _ON_HOSTS.items()}


def tracks(parameter: str, host: str) -> bool:
    """Whether a parameter (`name=value`, as it stands in an address of `host`) only follows the reader."""
    name = unquote_plus(parameter.partition("=")[0]).casefold().removeprefix("amp;")
    if name in _ANYWHERE or name.startswith(_BEGINNINGS):
        return True
    labels = host.split(".")
    return any(name in _BY_HOST.get(".".join(labels[number:]), ()) for number in range(len(labels)))
