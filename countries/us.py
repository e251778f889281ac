"""The United States: states, the federal district and the territories inside the numbering plan."""

from django.utils.translation import gettext_lazy as _

from countries import number_rules
from countries.base import AddressLabels, Country, DocumentRule, Region
from countries.papers import Text


def _region(code: str, name: Text, zone: str, area_codes: str) -> Region:
    return Region(code, name, zone, tuple(area_codes.split()))


# Area codes: those the North American plan has in service. Zone: the one most of the region keeps.
_PLACES = (
    _region("AL", _("Alabama"), "America/Chicago", "205 251 256 334 659 938"),
    _region("AK", _("Alaska"), "America/Anchorage", "907"),
    _region("AS", _("American Samoa"), "Pacific/Pago_Pago", "684"),
    _region("AZ", _("Arizona"), "America/Phoenix", "480 520 602 623 928"),
    _region("AR", _("Arkansas"), "America/Chicago", "327 479 501 870"),
    _region(
        "CA",
        _("California"),
        "America/Los_Angeles",
        "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 "
        "707 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951",
    ),
    _region("CO", _("Colorado"), "America/Denver", "303 719 720 748 970 983"),
    _region("CT", _("Connecticut"), "America/New_York", "203 475 860 959"),
    _region("DE", _("Delaware"), "America/New_York", "302"),
    _region("DC", _("District of Columbia"), "America/New_York", "202 771"),
    _region(
        "FL",
        _("Florida"),
        "America/New_York",
        "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954",
    ),
    _region("GA", _("Georgia"), "America/New_York", "229 404 470 478 678 706 762 770 912 943"),
    _region("GU", _("Guam"), "Pacific/Guam", "671"),
    _region("HI", _("Hawaii"), "Pacific/Honolulu", "808"),
    _region("ID", _("Idaho"), "America/Boise", "208 986"),
    _region(
        "IL",
        _("Illinois"),
        "America/Chicago",
        "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872",
    ),
    _region("IN", _("Indiana"), "America/Indiana/Indianapolis", "219 260 317 463 574 765 812 930"),
    _region("IA", _("Iowa"), "America/Chicago", "319 515 563 641 712"),
    _region("KS", _("Kansas"), "America/Chicago", "316 620 785 913"),
    _region("KY", _("Kentucky"), "America/New_York", "270 364 502 606 859"),
    _region("LA", _("Louisiana"), "America/Chicago", "225 318 337 504 985"),
    _region("ME", _("Maine"), "America/New_York", "207"),
    _region("MD", _("Maryland"), "America/New_York", "227 240 301 410 443 667"),
    _region("MA", _("Massachusetts"), "America/New_York", "339 351 413 508 617 774 781 857 978"),
    _region("MI", _("Michigan"), "America/Detroit", "231 248 269 313 517 586 616 734 810 906 947 989"),
    _region("MN", _("Minnesota"), "America/Chicago", "218 320 507 612 651 763 952"),
    _region("MS", _("Mississippi"), "America/Chicago", "228 601 662 769"),
    _region("MO", _("Missouri"), "America/Chicago", "235 314 417 557 573 636 660 816 975"),
    _region("MT", _("Montana"), "America/Denver", "406"),
    _region("NE", _("Nebraska"), "America/Chicago", "308 402 531"),
    _region("NV", _("Nevada"), "America/Los_Angeles", "702 725 775"),
    _region("NH", _("New Hampshire"), "America/New_York", "603"),
    _region("NJ", _("New Jersey"), "America/New_York", "201 551 609 640 732 848 856 862 908 973"),
    _region("NM", _("New Mexico"), "America/Denver", "505 575"),
    _region(
        "NY",
        _("New York"),
        "America/New_York",
        "212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934",
    ),
    _region("NC", _("North Carolina"), "America/New_York", "252 336 472 704 743 828 910 919 980 984"),
    _region("ND", _("North Dakota"), "America/Chicago", "701"),
    _region("MP", _("Northern Mariana Islands"), "Pacific/Saipan", "670"),
    _region("OH", _("Ohio"), "America/New_York", "216 220 234 283 326 330 380 419 440 513 567 614 740 937"),
    _region("OK", _("Oklahoma"), "America/Chicago", "405 539 572 580 918"),
    _region("OR", _("Oregon"), "America/Los_Angeles", "458 503 541 971"),
    _region(
        "PA",
        _("Pennsylvania"),
        "America/New_York",
        "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878",
    ),
    _region("PR", _("Puerto Rico"), "America/Puerto_Rico", "787 939"),
    _region("RI", _("Rhode Island"), "America/New_York", "401"),
    _region("SC", _("South Carolina"), "America/New_York", "803 821 839 843 854 864"),
    _region("SD", _("South Dakota"), "America/Chicago", "605"),
    _region("TN", _("Tennessee"), "America/Chicago", "423 615 629 731 865 901 931"),
    _region(
        "TX",
        _("Texas"),
        "America/Chicago",
        "210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 "
        "940 945 956 972 979",
    ),
    _region("VI", _("U.S. Virgin Islands"), "America/St_Thomas", "340"),
    _region("UT", _("Utah"), "America/Denver", "385 435 801"),
    _region("VT", _("Vermont"), "America/New_York", "802"),
    _region("VA", _("Virginia"), "America/New_York", "276 434 540 571 686 703 757 804 826 948"),
    _region("WA", _("Washington"), "America/Los_Angeles", "206 253 360 425 509 564"),
    _region("WV", _("West Virginia"), "America/New_York", "304 681"),
    _region("WI", _("Wisconsin"), "America/Chicago", "262 274 353 414 534 608 715 920"),
    _region("WY", _("Wyoming"), "America/Denver", "307"),
)

UNITED_STATES = Country(
    iso="US",
    name=_("United States"),
    calling_code="1",
    template="A",
    labels=AddressLabels(
        line1=_("Street address"),
        line2=_("Floor, suite, unit"),
        city=_("City"),
        region=_("State"),
        postal_code=_("ZIP code"),
    ),
    places=_PLACES,
    postal_code_pattern=r"([0-9]{5})(?:[- ]?([0-9]{4}))?",
    postal_code_example="95131",
    postal_code_sentence=_("A ZIP code has 5 digits, or 9 as in 95131-2042."),
    postal_code_mark="-",
    emergency_numbers=("911", "112"),
    holidays="US",
    toll_free=True,
    moves_messaging=True,
    documents=(DocumentRule("csr", for_projects=True),),
    own_number_rules=(number_rules.DISPATCHABLE_US,),
)
