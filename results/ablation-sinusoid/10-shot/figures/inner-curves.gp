# Draws inner-curves.csv; run `gnuplot inner-curves.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.8805 left top vertical maxrows 2 Left reverse noenhanced samplen 2.2 width -3.5 textcolor rgb '#222222'
set tmargin at screen 0.7679
set rmargin at screen 0.952
set label 'Mean losses of test runs of 1 step' at screen 0.02, screen 0.959 left noenhanced font ',22'
set label 'sinusoid-meta-sgd; 10 repetitions of 4000 test runs' at screen 0.02, screen 0.913 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.0:1.0]
set xtics ('0.0' 0.0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1.0)
set xlabel 'inner step' noenhanced
set yrange [0.015987537212163606:9.79729052783811]
set logscale y
set ytics ('0.02' 0.02, '0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1.0, '2' 2.0, '5' 5.0)
set ylabel 'test loss' noenhanced
of(number, value) = (column(1) == number ? value : NaN)
bottom = 0.015987537228151143
top = 9.797290518040818
inside(value) = (value < bottom ? bottom : value > top ? top : value)
set style fill solid 0.18 noborder

set terminal svg size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'inner-curves.svg'
plot 'inner-curves.csv' skip 1 using (of(2, $2)):(inside($4)):(inside($5)) with filledcurves linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(1, $2)):(inside($4)):(inside($5)) with filledcurves linecolor rgb '#0072b2' notitle, \
     '' skip 1 using (of(2, $2)):3 with lines linewidth 2.4 linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(1, $2)):3 with lines linewidth 2.4 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#0072b2' title 'MAML at its tuned rate', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#d55e00' title 'Meta-SGD from its tuned rate', \
     '' skip 1 using (NaN):(NaN):(NaN) with filledcurves linecolor rgb '#444444' title '10 to 90 % of runs'

set terminal pngcairo size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'inner-curves.png'
replot
set output
